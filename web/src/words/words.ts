// How times, statuses and priorities are said.

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;

/** Says times of a zone; what says them is made once a zone, as that takes longer than saying a hundred of them. */
function sayer(words: Intl.DateTimeFormatOptions): (ms: number, zone: string) => string {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (ms, zone) => {
    const format = made.get(zone) ?? new Intl.DateTimeFormat('en-GB', { ...words, timeZone: zone });
    made.set(zone, format);
    return format.format(ms);
  };
}

export const clock = sayer(CLOCK);
export const day = sayer(DAY);

/** 02:14, or 1:02:14 from an hour on. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

const STATUS: Record<string, string> = {
  OFF: 'off duty', LOG: 'signed on', AQ: 'in quarters', AR: 'on radio', MVU: 'moving up', ASG: 'assigned',
  DSP: 'alerted', ACK: 'acknowledged', ENR: 'en route', STG: 'staged', ONS: 'on scene', PTC: 'with patient',
  TRN: 'transporting', HSP: 'at hospital', CAN: 'cancelled', CLR: 'returning', SELF: 'self-initiated', MEAL: 'at meal',
  OOS: 'out of service',
};

export const statusWords = (status: string): string => STATUS[status] ?? status;

const KINDS: Record<string, string> = {
  ResourcesAssigned: 'units alerted', ResourcesEnroute: 'units en route', ResourcesOnscene: 'units on scene',
  Active: 'waiting for units',
};

export const incidentWords = (status: string): string => KINDS[status] ?? status.toLowerCase();

/** 3 min 10 s, or 45 s: a span of time to be read, not compared. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [m, s] = [Math.floor(whole / 60), whole % 60];
  if (m === 0) return `${s} s`;
  return s === 0 ? `${m} min` : `${m} min ${s} s`;
}

/** m:ss, for columns of travel times. */
export const minutes = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;

const SOURCES: Record<string, string> = {
  caller: 'said by the caller', ani_ali: 'from the phone record', pidf_lo: "from the phone's own position", geofile: 'from the geofile',
  geocoder: 'from the geofile', device: "from the phone's own position", person: 'set by a person',
};

/** Who said where it is. */
export const sourceWords = (source: string): string => (source === '' ? 'source not said' : (SOURCES[source] ?? source.replaceAll('_', ' ')));

const NEXT: Record<string, string> = {
  OFF: 'LOG', LOG: 'AR', ASG: 'DSP', DSP: 'ENR', ACK: 'ENR', ENR: 'ONS', STG: 'ONS', TRN: 'HSP', HSP: 'AR', PTC: 'TRN', ONS: 'AR',
  CLR: 'AR', CAN: 'AR', SELF: 'AR', MEAL: 'AR', OOS: 'AR', MVU: 'AR',
};

/** What usually comes next, '' for a unit that waits for work. A crew with a patient transports, others are free again. */
export function nextStatus(status: string, kind: string): string {
  if (status === 'ONS' && /MEDIC|AMBULANCE|ALS|BLS/i.test(kind)) return 'PTC';
  return NEXT[status] ?? '';
}

/** Statuses by which a unit is done with its incident. */
export const leaves = (from: string, to: string): boolean => WORKING.has(from) && !WORKING.has(to);

const WORKING = new Set(['ASG', 'DSP', 'ACK', 'ENR', 'STG', 'ONS', 'PTC', 'TRN', 'HSP']);

export const isWorking = (status: string): boolean => WORKING.has(status);

const STANDINGS: Record<string, [string, string]> = {
  queued: ['◌', 'queued'], sent: ['→', 'sent'], accepted: ['→', 'accepted by the carrier'], delivered: ['✓', 'received'], read: ['✓✓', 'read'],
  declined: ['✕', 'declined'], failed: ['✕', 'failed'],
};

/** How far an alert has come, as a mark and a word: what was sent, what was received and what was acknowledged differ. */
export function alertMark(alert: { standing: string; attempts: { step: string }[] }): [string, string] {
  if (alert.standing === 'alerted') return ['✓✓', 'alerted, with proof'];
  if (alert.standing === 'voiced') return ['♪', 'voiced'];
  if (alert.standing === 'to_voice') return ['!', 'must be voiced'];
  if (alert.standing === 'withheld') return ['–', 'withheld: off duty'];
  if (alert.standing === 'ended') return ['–', 'ended'];
  const last = alert.attempts.at(-1);
  return last === undefined ? ['◌', 'not sent yet'] : (STANDINGS[last.step] ?? ['◌', last.step]);
}

/** Whether a unit stands at an incident: it arrived and has not left with a patient. */
export const onScene = (unit: { status: string; incident: string | null } | undefined, incident: string | null): boolean =>
  unit !== undefined && incident !== null && unit.incident === incident && ['ONS', 'PTC'].includes(unit.status);

/** The role of a colour for a status: never the only sign of it. */
export function tone(status: string): 'good' | 'accent' | 'busy' | 'warn' | 'faint' {
  if (['AQ', 'AR', 'CLR', 'CAN'].includes(status)) return 'good';
  if (['ASG', 'DSP', 'ACK', 'ENR', 'STG'].includes(status)) return 'accent';
  if (['ONS', 'PTC', 'TRN', 'HSP'].includes(status)) return 'busy';
  return status === 'MVU' ? 'warn' : 'faint';
}

const STAMPS: [string, string][] = [
  ['dispatched', 'alerted'], ['en_route', 'en route'], ['on_scene', 'on scene'], ['patient_contact', 'with patient'],
  ['transport', 'transporting'], ['at_hospital', 'at hospital'], ['clear', 'clear'], ['available', 'available'],
];

/** The stamps of an assignment in the order of the work, with the time since the one before. */
export function timeline(stamps: Record<string, number>): { name: string; at: number; after: number | null }[] {
  const known = STAMPS.filter(([stamp]) => stamps[stamp] !== undefined);
  return known.map(([stamp, name], i) => {
    const at = stamps[stamp] as number;
    const before = i > 0 ? stamps[(known[i - 1] as [string, string])[0]] : undefined;
    return { name, at, after: before === undefined ? null : at - before };
  });
}
