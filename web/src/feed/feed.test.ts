import { describe, expect, test } from 'vitest';

import { nothing, take } from './feed';

describe('a seat', () => {
  test('starts from a snapshot and sees every change after it', () => {
    const known = nothing();
    expect(take(known, { at: 5, now: 100, rows: { 'unit/A': { n: 1 }, 'unit/B': { n: 2 } } })).toBe(true);
    expect(take(known, { from: 5, to: 6, now: 150, rows: { 'unit/A': { n: 3 } }, gone: ['unit/B'] })).toBe(true);
    expect([...known.rows]).toEqual([['unit/A', { n: 3 }]]);
    expect([known.at, known.now]).toEqual([6, 150]);
  });

  test('notices a gap and changes nothing', () => {
    const known = nothing();
    take(known, { at: 5, now: 100, rows: {} });
    expect(take(known, { from: 6, to: 7, now: 150, rows: { 'unit/A': {} }, gone: [] })).toBe(false);
    expect(known.rows.get('unit/A')).toBeUndefined();
    expect(known.at).toBe(5);
  });

  test('forgets what a new snapshot no longer holds', () => {
    const known = nothing();
    take(known, { at: 5, now: 1, rows: { 'incident/1': {} } });
    take(known, { at: 9, now: 2, rows: { 'incident/2': {} } });
    expect([...known.rows.keys()]).toEqual(['incident/2']);
  });

  test('a row that is gone and back in one frame is there', () => {
    const known = nothing();
    take(known, { at: 1, now: 1, rows: { 'unit/A': { n: 1 } } });
    take(known, { from: 1, to: 2, now: 1, rows: { 'unit/A': { n: 2 } }, gone: ['unit/A'] });
    expect(known.rows.get('unit/A')).toEqual({ n: 2 });
  });
});
