import { expect, test } from 'vitest';

import { pinWords, played } from './box';

test('how far a message has played is told in minutes and seconds', () => {
  expect([0, 0.4, 1, 9.9, 65, 600].map(played)).toEqual(['0:00', '0:01', '0:01', '0:09', '1:05', '10:00']);
});

test('a PIN is told by where it is asked and by wrong ones, and a closed box by what opens it', () => {
  const pin = { set_at: 0, always: false, wrong: 0, closed: false };
  expect(pinWords(null)).toContain('your own phones alone');
  expect(pinWords(pin)).toBe('Other phones ask the PIN; your own do not.');
  expect(pinWords({ ...pin, always: true, wrong: 1 })).toBe('Every phone asks the PIN. 1 wrong PIN was pressed since it was last right.');
  expect(pinWords({ ...pin, wrong: 5, closed: true })).toContain('closed to other phones');
});
