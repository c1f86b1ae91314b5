import { expect, it } from 'vitest';

import { gapsOf } from './totality';

const says = (...of: Parameters<typeof gapsOf>): string[] => gapsOf(...of).map((one) => one.says);

it('says of a city without tables that any word is taken', () => {
  expect(says({}, {})).toHaveLength(3);
});

it('finds a type without a group, one that is there twice, and a status that no word means', () => {
  const types = [{ word: 'FIRE', common: 'Fire', group: 'fire' }, { word: 'fire', common: 'Fire', group: 'fire' }, { word: 'ODD', common: 'Odd' }];
  const found = says({ types, dispositions: [{ word: 'DONE', common: 'Done' }] }, { words: { ENROUTE: 'ENR' } });
  expect(found).toContain('ODD belongs to no group.');
  expect(found).toContain('fire is there twice.');
  expect(found.some((one) => one.includes('(ONS)'))).toBe(true);
  expect(found.some((one) => one.includes('(ENR)'))).toBe(false);
});
