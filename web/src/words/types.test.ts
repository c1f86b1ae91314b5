import { expect, test } from 'vitest';

import type { TypeCode } from '../api/types';
import { typeOf } from './types';

const TYPES: TypeCode[] = [
  { word: 'Cardiac Arrest', common: 'ARREST', group: 'medical', priority: 1 }, { word: 'Chest Pain', common: 'CHEST', group: 'medical', priority: 2 },
  { word: 'Arrest Warrant', common: 'WARRANT', group: 'police', priority: 4 },
];

test('a type is itself whatever its case, and nothing that comes near', () => {
  expect(typeOf(' cardiac  ARREST ', TYPES)?.priority).toBe(1);
  expect(typeOf('cardiac arest', TYPES)).toBeUndefined();
});
