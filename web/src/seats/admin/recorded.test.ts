import { expect, it } from 'vitest';

import { recorded } from './recorded';

const check = { ok: false, digest: 'd', city: 'c', units: 3, findings: [{ code: 'a', severity: 'error' }, { code: 'b', severity: 'warning' }, { code: 'b', severity: 'notice' }] };

it('counts what a check found, beside its city and roster', () => {
  expect(recorded(JSON.stringify(check), 'p', 'd')).toEqual({
    kind: 'check', record: { plan: 'p', digest: 'd', city: 'c', units: 3, errors: 1, warnings: 1, codes: ['a', 'b'] },
  });
});

it('takes the record of a replay as it is', () => {
  const record = { plan: 'p', digest: 'd', result: 'r', since: 1, until: 2, incidents: 9, figures: {} };
  expect(recorded(JSON.stringify({ record }), 'p', 'd')).toEqual({ kind: 'replay', record });
});

it('takes nothing of another text, of no city, or that it cannot read', () => {
  for (const text of ['no', JSON.stringify({ ...check, digest: 'x' }), JSON.stringify({ ...check, city: '' }), '{}']) {
    expect(recorded(text, 'p', 'd').kind).toBe('unreadable');
  }
});
