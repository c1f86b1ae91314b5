import type { GroupRow } from '../../feed/rows';
import type { Seat } from '../seats';
import { unheard } from './watch';

export const seat: Seat = {
  name: 'supervisor',
  title: 'Supervisor',
  order: 3,
  sentence: 'How much there is and how fast it is answered, against the standard; who sits where, and what nobody covers.',
  views: ['dispatch.view.pending', 'dispatch.view.callbacks', 'dispatch.view.follow_ups', 'city.view.positions', 'comms.view.queues'],
  desks: false,
  roles: ['supervisor'],
  page: () => import('./Supervisor.svelte'),
  waiting: (desk) => unheard(desk.link.rows<GroupRow>('group')).length,
};
