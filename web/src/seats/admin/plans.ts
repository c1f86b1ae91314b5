// A version of the response plan as seats see it, and what it lacks before it may count.
export interface PlanRow {
  plan: string;
  title: string;
  digest: string;
  drafted_at: number;
  drafted_by: string;
  errors: number;
  checked: boolean;
  replays: { result: string; incidents: number; figures: Record<string, number>; approved: boolean; reviewed_by: string; words: string }[];
  counts: boolean;
  since: number | null;
  by: string;
  reason: string;
  activated_unseen: boolean;
}

/** Why a version may not be activated, '' when it may: in the order in which it is mended. */
export function whyNot(row: PlanRow): string {
  if (row.counts) return 'it counts already.';
  if (row.errors > 0) return `the linter finds ${row.errors} errors: mend them in another version.`;
  if (!row.checked) return 'it was not checked beside city and roster: write down what redstick plan check prints.';
  if (row.replays.length === 0) return 'no replay of past incidents is recorded: write down what redstick plan replay prints.';
  if (!row.replays.some((one) => one.approved)) return 'nobody has found a replay of it good: look at one under Check and replays.';
  return '';
}
