import { expect, it } from 'vitest';

import { readTable } from './codes';

it('reads types and dispositions, and leaves empty lines out', () => {
  expect(readTable('type; SIG10; Fire; fire; 1\n\ndisposition; DONE; Handled').table).toEqual({
    types: [{ word: 'SIG10', common: 'Fire', group: 'fire', priority: 1 }], dispositions: [{ word: 'DONE', common: 'Handled' }],
  });
});

it('says of each line that it cannot read what is wrong, and which line it is', () => {
  expect(readTable('kind; a; b\ntype; a\ntype; a; b; c; 9').faults.map((one) => one.line)).toEqual([1, 2, 3]);
});
