import { expect, test } from 'vitest';

import { asked, inWords, withOne, type Try } from './trying';

const LESS: Try = { what: 'without', unit: 'M4' };
const MOVED: Try = { what: 'moved', unit: 'M4', station: '3' };
const MORE: Try = { what: 'more', kind: 'MEDIC', station: '3' };

test('a unit is left out or moved, not both; of a kind there may be several more', () => {
  expect(withOne([LESS, MORE], MOVED)).toEqual([MORE, MOVED]);
  expect(withOne([MOVED], LESS)).toEqual([LESS]);
  expect(withOne([MORE], MORE)).toEqual([MORE, MORE]);
});

test('every change is asked by its own name, with the span and the rule', () => {
  const path = asked(1, 2, 'closest', 'v2', [LESS, MORE, { what: 'closed', station: '9' }]);
  expect(path).toBe('/api/supervisor/what-if?begun=1&ended=2&rule=closest&plan=v2&without=M4&more=MEDIC%403&closed=9');
});

test('what is tried is said in words', () => {
  expect([LESS, MOVED, MORE].map(inWords)).toEqual(['without M4', 'M4 at station 3', 'one more MEDIC at station 3']);
});
