import { expect, test } from 'vitest';

import { age, onScene, placeWords, timeline, tone } from './words';

test('ages are minutes and seconds, and hours only when there are some', () => {
  expect([age(134_000), age(0), age(-5), age(3_734_000)]).toEqual(['02:14', '00:00', '00:00', '1:02:14']);
});

test('a timeline leaves out what did not happen and says how long each step took', () => {
  const steps = timeline({ assigned: 0, dispatched: 1000, on_scene: 61_000 });
  expect(steps.map((step) => [step.name, step.after])).toEqual([['alerted', null], ['on scene', 60_000]]);
});

test('a place that only the caller confirmed is not called in geofile', () => {
  const known = (in_geofile: boolean, caller_confirmed: boolean): string => placeWords({ in_geofile, caller_confirmed });
  expect([known(true, true), known(true, false), known(false, true), known(false, false)]).toEqual([
    'in geofile', 'in geofile', 'caller confirmed', 'unverified place',
  ]);
});

test('every status has a tone', () => {
  expect(['AQ', 'ENR', 'ONS', 'MVU', 'OOS'].map(tone)).toEqual(['good', 'accent', 'busy', 'warn', 'faint']);
});

test('a unit is on scene of the incident that it works on, from its arrival until it leaves', () => {
  const unit = (status: string): { status: string; incident: string } => ({ status, incident: 'a' });
  expect(['ENR', 'ONS', 'PTC', 'TRN'].map((status) => onScene(unit(status), 'a'))).toEqual([false, true, true, false]);
  expect([onScene(unit('ONS'), 'b'), onScene(undefined, 'a'), onScene(unit('ONS'), null)]).toEqual([false, false, false]);
});
