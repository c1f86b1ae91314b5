import { expect, test } from 'vitest';

import { seatByAddress } from './arriving';
import type { DemoSeat } from './demo';

const seat = (name: string, path: string, held_by = '', by_robot = false): DemoSeat => ({ seat: name, path, held_by, by_robot, title: '', sentence: '', first_act: '' });

test('an address means the first of its seats that no visitor holds', () => {
  const seats = [seat('calls:1', '/calls'), seat('dispatch:2', '/dispatch', 'visitor.1'), seat('dispatch:3', '/dispatch', 'robot:dispatch:3', true)];
  expect(seatByAddress(seats, '/dispatch', '')).toBe('dispatch:3');
  expect(seatByAddress(seats, '/calls', '')).toBe('calls:1');
});

test('a window comes back to the seat that it held, whoever the server holds to be there', () => {
  const seats = [seat('dispatch:2', '/dispatch'), seat('dispatch:3', '/dispatch', 'visitor.1')];
  expect(seatByAddress(seats, '/dispatch', 'dispatch:3')).toBe('dispatch:3');
  expect(seatByAddress(seats, '/dispatch', 'calls:1')).toBe('dispatch:2');
});

test('an address whose seats are all held by visitors means none, and so does one that is not offered', () => {
  expect(seatByAddress([seat('calls:1', '/calls', 'visitor.1')], '/calls', '')).toBe('');
  expect(seatByAddress([], '/calls', '')).toBe('');
});
