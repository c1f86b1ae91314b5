// A difference on an axis around zero. Pure.
import { spanLabel } from './scale';

const STEPS_S = [2, 4, 10, 20, 30, 60, 120, 240, 600, 1200, 1800, 3600, 7200];

/** How far an axis around zero must reach: a round span that holds every value. */
export function symmetric(values_s: readonly number[]): number {
  const most = Math.max(0, ...values_s.map(Math.abs));
  return STEPS_S.find((one) => one >= most) ?? most;
}

/** +12 s, −1.5 min, 0: with its sign, which is a minus and not a hyphen. */
export function signed(seconds: number): string {
  const whole = Math.abs(seconds) < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
  if (whole === 0) return '0';
  return `${whole > 0 ? '+' : '−'}${spanLabel(Math.abs(whole))}`;
}
