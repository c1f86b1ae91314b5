import type { Seat } from '../seats';
import { crew } from './crew.svelte';

export const seat: Seat = {
  name: 'field',
  title: 'Field',
  order: 7,
  sentence: 'The page of a crew on its phone: my incident, my route, my status. It works through dead zones.',
  views: ['dispatch.view.units', 'dispatch.view.incidents', 'dispatch.view.alerts', 'dispatch.view.known', 'city.view.positions'],
  desks: false,
  own: true,
  whole: true,
  console: () => (crew.unit === '' ? '' : `unit:${crew.unit}`),
  roles: ['responder'],
  page: () => import('./Field.svelte'),
};
