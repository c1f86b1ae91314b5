import type { CallRow } from '../../feed/rows';
import type { Seat } from '../seats';

export const seat: Seat = {
  name: 'calls',
  title: 'Calls',
  order: 1,
  sentence: 'Ringing and held calls with their age; a card that finds the place while you type; one key sends it to dispatch.',
  views: ['dispatch.view.callbacks', 'comms.view.legs', 'comms.view.queues', 'city.view.positions'],
  desks: true,
  roles: ['call_taker', 'dispatcher', 'supervisor'],
  page: () => import('./Calls.svelte'),
  waiting: (desk) => desk.link.rows<CallRow>('call').filter((call) => call.state === 'presented').length,
};
