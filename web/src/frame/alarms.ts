// What needs an act now, the most urgent first. Red and sound are for these alone.
import type { AlertsRow, GroupRow, UnitRow, WarningRow } from '../feed/rows';

export interface Alarm {
  id: string;
  level: 'emergency' | 'alarm' | 'warn';
  since: number;
  text: string;
  unit: string;
  incident: string;
  sound: boolean;
  heardBy: string;
  group?: string; // that nobody watches
}

/** Responders in danger, groups that nobody watches, warnings that nobody sees to. Alarms come before warnings, older before newer. */
export function alarmsOf(units: readonly UnitRow[], warnings: readonly WarningRow[], groups: readonly GroupRow[] = []): Alarm[] {
  const emergencies = units.filter((unit) => unit.emergency_at !== null).map(emergency);
  const inDanger = new Set(emergencies.map((one) => one.unit));
  const told = warnings
    .filter((one) => one.acknowledged_by === '' && !(one.what === 'emergency' && inDanger.has(one.unit)))
    .map((one): Alarm => ({
      id: one.id, level: one.level, since: one.raised_at, text: one.text, unit: one.unit, incident: one.incident,
      sound: one.sound, heardBy: '',
    }));
  const rank = (one: Alarm): number => (one.level === 'emergency' ? (one.heardBy === '' ? 0 : 1) : one.level === 'alarm' ? 2 : 3);
  return [...emergencies, ...groups.flatMap(uncovered), ...told].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}

/** Something is pending in a group that no signed-on seat watches, and nobody has taken it on by name. */
function uncovered({ id, alarm }: GroupRow): Alarm[] {
  if (alarm == null || alarm.acknowledged_by) return [];
  const n = alarm.needs.length;
  const text = `Nobody watches ${id}${n > 0 ? `: ${n} pending item${n === 1 ? '' : 's'}` : ''}`;
  return [{ id: `coverage/${id}`, level: 'alarm', since: alarm.at, text, unit: '', incident: incidentOf(alarm.needs[0] ?? ''), sound: true, heardBy: '', group: id }];
}

const incidentOf = (need: string): string => need.slice(0, Math.max(0, need.indexOf('/')));

function emergency(unit: UnitRow): Alarm {
  return {
    id: `emergency/${unit.unit}`, level: 'emergency', since: unit.emergency_at as number, unit: unit.unit,
    text: unit.mayday ? `MAYDAY ${unit.unit}` : `${unit.unit}: emergency button`, incident: unit.incident ?? '',
    sound: unit.heard_by === '', heardBy: unit.heard_by,
  };
}

/** What is to be heard now: an emergency until somebody answers for it by name, whatever else is muted. */
export function soundOf(alarms: readonly Alarm[], quiet: boolean): 'emergency' | 'alarm' | 'none' {
  if (alarms.some((one) => one.level === 'emergency' && one.heardBy === '')) return 'emergency';
  return !quiet && alarms.some((one) => one.level === 'alarm' && one.sound) ? 'alarm' : 'none';
}

/** Alerts that no path could deliver: a person must voice them. */
export const toVoice = (rows: readonly AlertsRow[]): { incident: string; unit: string }[] =>
  rows.flatMap((row) => row.alerts.filter((one) => one.to_voice).map((one) => ({ incident: row.incident, unit: one.unit })));
