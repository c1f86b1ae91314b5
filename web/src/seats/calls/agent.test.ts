import { expect, test } from 'vitest';

import { nextOf, signedOn, words, type AgentRow } from './agent';

const agent = (fields: Partial<AgentRow>): AgentRow =>
  ({ seat: 's', state: 'available', why: '', since: 0, queues: ['911'], skills: [], languages: ['es'], offered: '', ...fields });

test('who signs on takes the queues, and the skills and languages as they were typed, each once', () => {
  expect(signedOn('s', { queues: ['911', 'admin'], skills: 'emd, tty emd', languages: 'es' }))
    .toEqual({ seat: 's', queues: ['911', 'admin'], skills: ['emd', 'tty'], languages: ['es'] });
});

test('one key does what comes next: take calls, a break, back, ready behind a call', () => {
  const label = (one: AgentRow | undefined): string | undefined => nextOf(one)?.label;
  expect(label(undefined)).toBe('Take calls');
  expect([agent({}), agent({ state: 'break' }), agent({ state: 'wrap_up' })].map(label)).toEqual(['Break', 'Back', 'Ready']);
});

test('who speaks, or has a call offered, is not taken away by a slip of that key', () => {
  expect(nextOf(agent({ state: 'busy' }))).toBeUndefined();
  expect(nextOf(agent({ offered: 'leg' }))).toBeUndefined();
});

test('a seat that nobody is offered calls at says so; an offer is said before all else', () => {
  expect(words(undefined)).toBe('no calls are offered to this seat');
  expect(words(agent({ offered: 'leg' }))).toBe('a call is offered to you');
  expect(words(agent({}))).toBe('takes 911 · es');
  expect(words(agent({ state: 'break', why: 'missed two offers' }))).toBe('on a break: missed two offers');
});
