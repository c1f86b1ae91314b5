// Which alerts a crew has still to answer for, and on which attempt: the crew's word goes with the newest one.
import type { AlertRow } from '../../feed/rows';
import type { Report } from './outbox';

const ANSWERED = new Set(['read', 'accepted', 'declined']);

export interface Open<Alert> {
  alert: Alert;
  key: string;
}

/** Alerts that nobody of the crew has read, the newest first; what is on its way in the outbox counts as answered. */
export function toAnswer<Alert extends AlertRow>(alerts: readonly Alert[], reports: readonly Report[]): Open<Alert>[] {
  const said = new Set(reports.flatMap((one) => (one.path === '/api/dispatch/report-receipt' ? [(one.fields as { alert: string }).alert] : [])));
  return alerts
    .filter((one) => one.standing !== 'ended' && one.standing !== 'withheld' && !said.has(one.alert) && !one.attempts.some((attempt) => ANSWERED.has(attempt.step)))
    .flatMap((alert) => {
      const attempt = alert.attempts.filter((one) => one.path === 'mobile').at(-1) ?? alert.attempts.at(-1);
      return attempt?.key === undefined ? [] : [{ alert, key: attempt.key }];
    })
    .sort((a, b) => b.alert.raised_at - a.alert.raised_at);
}
