import { expect, test } from 'vitest';

import { deskFor } from './signing';

const held = (id: string, person: string): { id: string; person: string; groups: string[]; since: number; lost_at: null } => ({
  id, person, groups: [], since: 0, lost_at: null,
});

test('a person sits at the console they hold or were given, else at the first that no other person holds', () => {
  const others = [held('dispatch:1', 'ann'), held('dispatch:3', 'bob')];
  expect(deskFor('dispatch', 'cyn', '', others)).toBe('dispatch:2');
  expect(deskFor('dispatch', 'bob', '', others)).toBe('dispatch:3');
  expect(deskFor('dispatch', 'cyn', 'dispatch:4', others)).toBe('dispatch:4');
  expect(deskFor('calls', 'cyn', 'dispatch:4', others)).toBe('calls:1');
});

test('a robot makes room for a person', () => {
  expect(deskFor('calls', 'cyn', '', [held('calls:1', 'robot:calls:1')])).toBe('calls:1');
});
