import { expect, it } from 'vitest';

import { hasNext, stepsOf } from './statuses';

const first = (from: string, kind: string, working = true): string => stepsOf(from, kind, working)[0]?.status ?? '';

it('leads an engine from its alert to the road, the scene, and free again', () => {
  expect(['ASG', 'DSP', 'ACK', 'ENR', 'ONS'].map((from) => first(from, 'engine'))).toEqual(['ENR', 'ENR', 'ENR', 'ONS', 'CLR']);
});

it('leads an ambulance by its patient to a hospital', () => {
  for (const kind of ['medic', 'basic transport', 'ALS MEDIC']) {
    expect(['ENR', 'ONS', 'PTC', 'TRN', 'HSP'].map((from) => first(from, kind))).toEqual(['ONS', 'PTC', 'TRN', 'HSP', 'CLR']);
  }
});

it('says of a status that ends the work that it leaves the incident, and of no other', () => {
  expect(stepsOf('ONS', 'engine', true).filter((one) => one.leaves).map((one) => one.status)).toEqual(['CLR']);
  expect(stepsOf('AR', 'engine', false).some((one) => one.leaves)).toBe(false);
});

it('offers who is off duty to sign on, and who waits for work nothing as the next', () => {
  expect([first('OFF', 'engine', false), first('LOG', 'engine', false)]).toEqual(['LOG', 'AR']);
  expect([hasNext('AQ', false), hasNext('OFF', false), hasNext('ENR', true)]).toEqual([false, true, true]);
});

it('never offers the status that holds', () => {
  for (const from of ['AQ', 'AR', 'ENR', 'ONS', 'OFF']) expect(stepsOf(from, 'medic', from === 'ENR').map((one) => one.status)).not.toContain(from);
});
