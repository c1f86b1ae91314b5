import { expect, it } from 'vitest';

import { whyNot, type PlanRow } from './plans';

const REPLAY = { result: 'r', incidents: 9, figures: {}, approved: true, reviewed_by: 'ada', words: '' };
const plan = (more: Partial<PlanRow>): PlanRow => ({
  plan: '2', title: '', digest: '', drafted_at: 0, drafted_by: '', errors: 0, checked: true, replays: [REPLAY], counts: false, since: null, by: '', reason: '', activated_unseen: false, ...more,
});

it('lets a version count that was checked without error and whose replay somebody found good', () => {
  expect(whyNot(plan({}))).toBe('');
});

it('says what is lacking, the first thing first', () => {
  expect(whyNot(plan({ errors: 2, checked: false, replays: [] }))).toContain('2 errors');
  expect(whyNot(plan({ checked: false, replays: [] }))).toContain('not checked');
  expect(whyNot(plan({ replays: [] }))).toContain('no replay');
  expect(whyNot(plan({ replays: [{ ...REPLAY, approved: false }] }))).toContain('found a replay of it good');
});
