import type { Seat } from '../seats';

export const seat: Seat = {
  name: 'overview',
  title: 'Overview',
  order: 6,
  sentence: 'The city today: what came in, how fast it was answered, what was done. Every figure opens to its definition and its proof.',
  views: [],
  desks: false,
  live: false,
  roles: [
    'call_taker', 'dispatcher', 'supervisor', 'responder', 'analyst', 'medical_director', 'records_clerk', 'auditor', 'administrator',
  ],
  page: () => import('./Overview.svelte'),
};
