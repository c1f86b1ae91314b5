import { expect, test } from 'vitest';

import type { Figure } from '../../api/types';
import { chapters, valueOf } from './telling';

const figure = (id: string, unit: string, value: number | null = 1): Figure => ({ id, title: id, value, unit, n: null, definition: '', proof: { after: 0, until: 1, head: '' } });

test('every figure is told once, also one that nobody thought of here', () => {
  const given = [figure('calls', 'calls'), figure('closed', 'incidents'), { ...figure('answer_p90', 's'), title: 'Received to answered, 90th percentile' }, figure('nena', '%'), figure('new', 'things')];
  const told = chapters(given).flatMap((chapter) => chapter.figures.map((one) => one.id));
  expect([...told].sort()).toEqual(given.map((one) => one.id).sort());
  expect(chapters(given).map((one) => one.title)).toEqual(['What came in', 'What was done', 'Received to answered']);
});

test('what could not be counted is no nought', () => {
  expect(valueOf(figure('a', 'calls', null)).value).toBe('–');
  expect(valueOf(figure('a', 'calls', 0)).value).toBe('0');
});

test('times are written as people say them', () => {
  expect([3.016, 75, 2532].map((value) => valueOf(figure('a', 's', value)).value)).toEqual(['3 s', '1 min 15 s', '42 min']);
});
