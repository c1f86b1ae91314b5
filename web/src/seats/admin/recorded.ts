// What the command line found of a plan, as it prints it: a check beside city and roster, or a replay of past incidents.
import type { RecordPlanCheck, RecordPlanReplay } from '../../api/types';

export type Recorded =
  | { kind: 'check'; record: RecordPlanCheck }
  | { kind: 'replay'; record: RecordPlanReplay }
  | { kind: 'unreadable'; why: string };

interface Said {
  record?: RecordPlanReplay;
  digest?: string;
  city?: string;
  units?: number;
  findings?: { code: string; severity: string | number }[];
}

const isError = (severity: string | number): boolean => String(severity).toLowerCase() === 'error' || severity === 0;
const isWarning = (severity: string | number): boolean => String(severity).toLowerCase() === 'warning' || severity === 1;

/** Read what `redstick plan check --json` or `redstick plan replay --json` printed; it is of the version that has this digest. */
export function recorded(text: string, plan: string, digest: string): Recorded {
  let said: Said;
  try {
    said = JSON.parse(text) as Said;
  } catch {
    return { kind: 'unreadable', why: 'this is not what `redstick plan check --json` or `redstick plan replay --json` prints' };
  }
  const of = said.record?.digest ?? said.digest;
  if (of !== digest) return { kind: 'unreadable', why: of === undefined ? 'it names no plan' : 'it is of another text than this version' };
  if (said.record !== undefined) return { kind: 'replay', record: said.record };
  if (!said.city) return { kind: 'unreadable', why: 'the check was made without a city: give it one with --city' };
  const findings = said.findings ?? [];
  return {
    kind: 'check',
    record: {
      plan, digest, city: said.city, units: said.units ?? 0,
      errors: findings.filter((one) => isError(one.severity)).length,
      warnings: findings.filter((one) => isWarning(one.severity)).length,
      codes: [...new Set(findings.map((one) => one.code))],
    },
  };
}
