import { expect, test } from 'vitest';

import { months, nameOf } from './reports';

test("the month is the city's own: it may still be last month there", () => {
  const newYear = Date.UTC(2027, 0, 1, 3);
  expect(months(newYear, 'America/Chicago').map((one) => one.month)).toEqual(['2026-12', '2026-11']);
  expect(months(newYear, 'UTC').map((one) => one.says)).toEqual(['January 2027', 'December 2026']);
});

test('a file is called as the server calls it', () => {
  expect(nameOf('inline; filename="shift.pdf"')).toBe('shift.pdf');
  expect(nameOf('')).toBe('report');
});
