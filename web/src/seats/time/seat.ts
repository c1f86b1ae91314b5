import type { Seat } from '../seats';

export const seat: Seat = {
  name: 'time',
  title: 'Time machine',
  order: 7,
  sentence: 'Any seat as it was at any second that has passed; and what changed since, for who takes over.',
  views: [],
  desks: false,
  live: false,
  roles: ['supervisor', 'auditor', 'dispatcher', 'call_taker'],
  page: () => import('./Time.svelte'),
};
