import { expect, test } from 'vitest';

import { age, alertMark, leaves, minutes, nextStatus, onScene, span, timeline, tone } from './words';

test('ages are minutes and seconds, and hours only when there are some', () => {
  expect([age(134_000), age(0), age(-5), age(3_734_000)]).toEqual(['02:14', '00:00', '00:00', '1:02:14']);
});

test('a timeline leaves out what did not happen and says how long each step took', () => {
  const steps = timeline({ assigned: 0, dispatched: 1000, on_scene: 61_000 });
  expect(steps.map((step) => [step.name, step.after])).toEqual([['alerted', null], ['on scene', 60_000]]);
});

test('a span of time is read aloud', () => {
  expect([span(45), span(60), span(190)]).toEqual(['45 s', '1 min', '3 min 10 s']);
  expect([minutes(5), minutes(190)]).toEqual(['0:05', '3:10']);
});

test('a unit has one logical next status: a medic takes its patient along, an engine is free', () => {
  const chain = (kind: string): string[] => {
    const steps = ['DSP'];
    while (steps.at(-1) !== 'AR') steps.push(nextStatus(steps.at(-1) as string, kind));
    return steps;
  };
  expect(chain('ENGINE')).toEqual(['DSP', 'ENR', 'ONS', 'AR']);
  expect(chain('MEDIC')).toEqual(['DSP', 'ENR', 'ONS', 'PTC', 'TRN', 'HSP', 'AR']);
  expect(nextStatus('AQ', 'ENGINE')).toBe('');
});

test('a unit leaves its incident when it goes from work to no work', () => {
  expect([leaves('ONS', 'AR'), leaves('ENR', 'ONS'), leaves('OOS', 'AR')]).toEqual([true, false, false]);
});

test('sent, received and acknowledged are different marks', () => {
  const mark = (step: string): string => alertMark({ standing: 'trying', attempts: [{ step }] })[0];
  const proof = alertMark({ standing: 'alerted', attempts: [] })[1];
  expect(new Set([mark('queued'), mark('sent'), mark('delivered'), mark('read'), mark('failed')]).size).toBe(5);
  expect([alertMark({ standing: 'trying', attempts: [] })[1], proof]).toEqual(['not sent yet', 'alerted, with proof']);
});

test('every status has a tone', () => {
  expect(['AQ', 'ENR', 'ONS', 'MVU', 'OOS'].map(tone)).toEqual(['good', 'accent', 'busy', 'warn', 'faint']);
});

test('a unit is on scene of the incident that it works on, from its arrival until it leaves', () => {
  const unit = (status: string): { status: string; incident: string } => ({ status, incident: 'a' });
  expect(['ENR', 'ONS', 'PTC', 'TRN'].map((status) => onScene(unit(status), 'a'))).toEqual([false, true, true, false]);
  expect([onScene(unit('ONS'), 'b'), onScene(undefined, 'a'), onScene(unit('ONS'), null)]).toEqual([false, false, false]);
});
