import type { Seat } from '../seats';
import { waitingCount } from './queue';

export const seat: Seat = {
  name: 'dispatch',
  title: 'Dispatch',
  order: 2,
  sentence: 'Waiting incidents, the units that are free, and who should go: with the reason for each, and against each other.',
  views: ['dispatch.view.pending', 'dispatch.view.alerts', 'dispatch.view.known', 'city.view.positions'],
  desks: true,
  roles: ['dispatcher', 'supervisor'],
  page: () => import('./Dispatch.svelte'),
  waiting: (desk) => waitingCount(desk),
};
