import { expect, test } from 'vitest';

import { agentsOf, inOrder, inTime, late, waited, type QueueRow } from './queues';

const queue = (name: string, more: Partial<QueueRow> = {}): QueueRow => ({
  queue: name, line: 'admin', length: 0, oldest_since: null, agents: {}, target_ms: 10_000, looked_at: 0, in_time: 0, answered: 0, abandoned: 0, storm_since: null, ...more,
});

test('911 stands first, then queues in which somebody waits', () => {
  const rows = [queue('b'), queue('c', { length: 2, oldest_since: 1 }), queue('911', { line: '911' }), queue('a')];
  expect(inOrder(rows).map((one) => one.queue)).toEqual(['911', 'c', 'a', 'b']);
});

test('a queue is late once its first caller has waited longer than is promised', () => {
  expect([late(queue('a', { oldest_since: 1_000 }), 11_000), late(queue('a', { oldest_since: 1_000 }), 11_001), late(queue('a'), 99_000)]).toEqual([false, true, false]);
});

test('before the first caller nothing is claimed of how well it goes', () => {
  expect([inTime(queue('a')), inTime(queue('a', { looked_at: 8, in_time: 6 }))]).toEqual(['', '75 % of 8']);
  expect([waited(queue('a'), 5), waited(queue('a', { oldest_since: 1_000 }), 62_000)]).toEqual(['', '01:01']);
  expect([agentsOf(queue('a')), agentsOf(queue('a', { agents: { idle: 2, wrap_up: 1 } }))]).toEqual(['nobody signed on', '2 idle, 1 wrap up']);
});
