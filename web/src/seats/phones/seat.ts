import { session } from '../../frame/session.svelte';
import type { Seat } from '../seats';
import { runsPhones, type NoticeRow } from './rows';

export const seat: Seat = {
  name: 'phones',
  title: 'Phones',
  order: 8,
  sentence: 'The directory and who can be called, your phone in this window, your voicemail; groups, trunks, people, and what a call would become.',
  get views() {
    // who only has a phone may not see the system
    return runsPhones(session.roles) ? ['phones.view.directory', 'phones.view.system'] : ['phones.view.directory'];
  },
  desks: false,
  own: true,
  roles: ['switchboard', 'administrator', 'supervisor', 'employee', 'dispatcher', 'call_taker'],
  page: () => import('./Phones.svelte'),
  waiting: (desk) => desk.link.rows<NoticeRow>('notice').filter((one) => one.kind === 'emergency').length,
};
