// The seats of the console: every folder beside this file that holds a `seat.ts`. How to add one: docs/guide-seats.md.
import type { Component } from 'svelte';

import type { Desk } from '../frame/desk.svelte';

export interface Seat {
  name: string; // its path is `/name`
  title: string;
  order: number; // in the switcher
  sentence: string;
  views: readonly string[]; // of the seat stream
  desks: boolean; // its people sign on at a console of their own: `name:1`, `name:2`
  own?: boolean; // true: it stands at its own views alone, since its people may not see the floor's
  whole?: boolean; // true: the page is the whole window, as on a phone; with `own`
  console?: () => string; // where its person sits, if the page itself says so: `unit:M4`
  live?: boolean; // false: the page needs no live board; whoever may see one still has its alarms above
  roles: readonly string[]; // who is offered it
  page: () => Promise<{ default: Component<{ desk: Desk }> }>; // fetched when its seat is taken
  waiting?: (desk: Desk) => number; // how much waits there, for the switcher
}

const found = import.meta.glob<{ seat: Seat }>('./*/seat.ts', { eager: true });

export const seats: readonly Seat[] = Object.values(found).map((one) => one.seat).sort((a, b) => a.order - b.order);

export const seatAt = (path: string): Seat | undefined => seats.find((seat) => path === `/${seat.name}`);

/** The seats that someone in these roles is offered; all of them for a role that no seat names. */
export const seatsFor = (roles: readonly string[]): readonly Seat[] =>
  seats.filter((seat) => seat.roles.some((role) => roles.includes(role)));
