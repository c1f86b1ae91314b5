import { expect, test } from 'vitest';

import type { IncidentRow, TrackRow, UnitRow } from '../feed/rows';
import { metres } from '../seats/dispatch/card/near';
import { circle, incidentMarks, unitMarks, wayFeatures, type Shown } from './living';

const [X, Y] = [-911000000, 304000000];
const unit = (name: string, status: string, incident: string | null = null): UnitRow =>
  ({ unit: name, status, incident, x: X, y: Y, seen_at: 0, quality: '' }) as UnitRow;
const track = (moving: boolean, at = 1_000_000, heading: number | null = 90): TrackRow => ({ x: X, y: Y, moving, at, heading, quality: 'fresh' });
const incident = (name: string, x: number | null = X + 1000): IncidentRow =>
  ({ incident: name, priority: 2, x, y: Y, units: [], uncertainty_m: 30 }) as unknown as IncidentRow;

const shown = (change: Partial<Shown>): Shown => ({
  incidents: [], units: new Map(), tracks: new Map(), incident: '', unit: '', now: 1_000_000, ...change,
});

test('a circle is as wide on the ground as it says, in every direction', () => {
  for (const [x, y] of circle(X, Y, 200).coordinates[0] as [number, number][]) {
    expect(metres({ x: X, y: Y }, { x: x * 1e7, y: y * 1e7 })).toBeCloseTo(200, 0);
  }
});

test('a moving unit is an arrow of its own; those that stand together are one square; an old position is hollow', () => {
  const units = new Map(['A', 'B', 'C', 'D'].map((name) => [name, unit(name, name === 'D' ? 'AR' : 'ONS', 'i')]));
  const tracks = new Map([['A', track(false)], ['B', track(false)], ['C', track(true)], ['D', track(false, 700_000)]]);
  const found = unitMarks(shown({ units, tracks })).map((one) => [one.label, one.picture]);
  expect(found).toEqual([['A B', 'unit-busy'], ['C', 'unit-busy-moving'], ['D · 5 min old', 'unit-good-old']]);
});

test('a unit in its quarters is not drawn unless it is selected', () => {
  const units = new Map([['A', unit('A', 'AQ')]]);
  expect(unitMarks(shown({ units }))).toEqual([]);
  expect(unitMarks(shown({ units, unit: 'A' })).length).toBe(1);
});

test('an incident without a position is not drawn anywhere', () => {
  expect(incidentMarks(shown({ incidents: [incident('a'), incident('b', null)] })).length).toBe(1);
});

test('the selected unit is joined with its incident by the way it drives, or plainly by a straight line', () => {
  const here = shown({ incidents: [incident('i')], units: new Map([['A', unit('A', 'ENR', 'i')]]), unit: 'A' });
  expect(wayFeatures(here, undefined).features[0]?.properties).toEqual({ straight: 1 });
  expect(wayFeatures(here, [[X, Y], [X, Y + 5], [X + 1000, Y]]).features[0]?.properties).toEqual({ straight: 0 });
  expect(wayFeatures(shown({ ...here, unit: '' }), undefined).features).toEqual([]);
});
