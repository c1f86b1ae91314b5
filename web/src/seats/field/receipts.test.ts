import { expect, it } from 'vitest';

import type { AlertRow } from '../../feed/rows';
import { toAnswer } from './receipts';

const alert = (name: string, steps: [AlertRow['attempts'][number]['path'], AlertRow['attempts'][number]['step']][], at = 0): AlertRow => ({
  alert: name, unit: 'E2', recipient: 'crew', purpose: 'dispatch', standing: 'alerted', text: '', raised_at: at, settled_at: null, to_voice: false, taken_by: '',
  attempts: steps.map(([path, step], i) => ({ key: `${name}-${i}`, path, step, proof: 'delivered', queued_at: 0 })),
});

it("answers on the crew's own device, else on the newest way", () => {
  expect(toAnswer([alert('a', [['mobile', 'delivered'], ['station', 'sent']])], []).map((one) => one.key)).toEqual(['a-0']);
  expect(toAnswer([alert('a', [['station', 'failed'], ['station', 'sent']])], []).map((one) => one.key)).toEqual(['a-1']);
});

it('asks for no answer that was given, or that waits to be sent', () => {
  expect(toAnswer([alert('a', [['mobile', 'accepted']])], [])).toEqual([]);
  const fields = { incident: 'i', alert: 'a', key: 'a-0', step: 'accepted' as const };
  const waits = { id: '1', path: '/api/dispatch/report-receipt' as const, fields, at: 0, person: 'pat', words: '', conflict: '' };
  expect(toAnswer([alert('a', [['mobile', 'delivered']])], [waits])).toEqual([]);
});

it('shows the newest first', () => {
  const both = [alert('a', [['mobile', 'delivered']], 1), alert('b', [['mobile', 'delivered']], 2)];
  expect(toAnswer(both, []).map((one) => one.alert.alert)).toEqual(['b', 'a']);
});
