// How times, statuses and priorities are said.

export const clock = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone }).format(ms);

export const day = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone }).format(ms);

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

/** How far a place is known: the geofile and the caller are two sources, and the first is said where both hold. */
export function placeWords(place: { in_geofile: boolean; caller_confirmed: boolean }): string {
  if (place.in_geofile) return 'in geofile';
  return place.caller_confirmed ? 'caller confirmed' : 'unverified place';
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
