import type { Seat } from '../seats';

export const seat: Seat = {
  name: 'admin',
  title: 'Administration',
  order: 9,
  sentence: 'People and roles, response plans, codes, units, closed roads.',
  views: ['dispatch.view.plans', 'dispatch.view.units', 'dispatch.view.closures'],
  desks: false,
  own: true,
  roles: ['administrator'],
  page: () => import('./Admin.svelte'),
};
