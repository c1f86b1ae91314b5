import { describe, expect, it } from 'vitest';

import { forwardWords, meant, presenceMark, type PhoneRow } from './rows';

const ann: PhoneRow = { number: '2100', kind: 'extension', name: 'Ann Able', direct: '+12255552100', department: 'Parks' };

describe('the directory', () => {
  it('finds by any part of number, name, department or kind', () => {
    for (const typed of ['210', 'able', 'PARKS', ' +1225 ', 'extension']) expect(meant(ann, typed)).toBe(true);
    expect(meant(ann, 'police')).toBe(false);
  });
  it('doubles the colour of each presence by a shape and a word', () => {
    for (const presence of ['available', 'away', 'busy', 'dnd', 'unreachable']) expect(presenceMark(presence).slice(1).every((part) => part !== '')).toBe(true);
  });
  it('says each forwarding and nothing where there is none', () => {
    expect(forwardWords({ always: '2101', no_answer: '2102' })).toBe('always to 2101, without an answer to 2102');
    expect(forwardWords({})).toBe('');
  });
});
