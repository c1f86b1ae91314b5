import { expect, it } from 'vitest';

import type { PolicyKnown } from '../../api/types';
import { actionWords, mayDo, tableOf } from './may';

const policy: PolicyKnown = {
  roles: ['administrator', 'auditor', 'supervisor'], audiences: ['floor'], purposes: [{ code: 'audit' }],
  permits: [
    { role: 'administrator', action: 'access.grant_role', purposes: ['none'] },
    { role: 'auditor', action: 'access.grant_role', purposes: ['none'] },
    { role: 'auditor', action: 'access.view.records', purposes: ['audit'], audience: 'oversight' },
    { role: 'supervisor', action: 'dispatch.close_road', purposes: ['none', 'audit'] },
  ],
  forbids: [{ role: 'auditor', action: 'access.grant_role', purposes: ['none'] }],
};

it('offers what one of the roles may do, and nothing that another of them forbids', () => {
  expect(mayDo(policy, ['administrator'], 'access.grant_role')).toBe(true);
  expect(mayDo(policy, ['administrator', 'auditor'], 'access.grant_role')).toBe(false);
  expect(mayDo(policy, ['auditor'], 'access.view.records')).toBe(false);
  expect(mayDo(undefined, ['administrator'], 'access.grant_role')).toBe(false);
});

it('lets a cell of another audience or another purpose forbid only what it speaks of', () => {
  const shown: PolicyKnown = {
    ...policy,
    permits: [
      { role: 'supervisor', action: 'phones.view.lines', purposes: ['none'], audience: 'floor' },
      { role: 'supervisor', action: 'phones.view.records', purposes: ['none', 'audit'], audience: 'floor' },
      { role: 'auditor', action: 'phones.view.lines', purposes: ['none'], audience: 'oversight' },
    ],
    forbids: [
      { role: 'supervisor', action: 'phones.view.lines', purposes: ['none'], audience: 'oversight' },
      { role: 'supervisor', action: 'phones.view.records', purposes: ['audit'], audience: 'floor' },
    ],
  };
  expect(mayDo(shown, ['supervisor'], 'phones.view.lines')).toBe(true);
  expect(mayDo(shown, ['supervisor'], 'phones.view.records')).toBe(true);
  expect(mayDo(shown, ['supervisor', 'auditor'], 'phones.view.lines')).toBe(true);
  expect(mayDo(shown, ['auditor', 'administrator'], 'access.grant_role')).toBe(false);
});

it('is a table of actions, found by their words and by their roles', () => {
  expect(tableOf(policy, '').map((line) => line.action)).toEqual(['access.grant_role', 'access.view.records', 'dispatch.close_road']);
  expect(tableOf(policy, 'close road').map((line) => line.action)).toEqual(['dispatch.close_road']);
  expect(tableOf(policy, 'supervisor').map((line) => line.action)).toEqual(['dispatch.close_road']);
  expect(tableOf(policy, 'supervisor')[0]?.cells.get('supervisor')).toBe('yes'); // whoever need not say why may for any reason
  expect(tableOf(policy, 'records')[0]?.cells.get('auditor')).toBe('oversight for audit');
});

it('says an action in words', () => {
  expect([actionWords('dispatch.close_road'), actionWords('access.view.people')]).toEqual(['dispatch: close road', 'access: see people']);
});
