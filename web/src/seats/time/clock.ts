// Moments that a person writes: a time of the city's clock, found among those that are within reach.
const DAY_MS = 86_400_000;

/** The last moment in reach at which the city's clock showed this time (`14:05` or `14:05:30`); undefined for another text. */
export function momentOf(said: string, begun: number, ended: number, zone: string): number | undefined {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(said.trim());
  if (found === null) return undefined;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const wanted = (hour * 3600 + minute * 60 + second) * 1000;
  const back = (sinceMidnight(ended, zone) - wanted + DAY_MS) % DAY_MS;
  const at = ended - back;
  return at >= begun ? at : undefined;
}

function sinceMidnight(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return ((of('hour') % 24) * 3600 + of('minute') * 60 + of('second')) * 1000 + (at % 1000);
}
