// Reports on paper and as tables: fetched under a purpose where law asks, and given to the browser as a file.
import { NO_LINK, type Answer } from '../../api/http';
import type { Problem } from '../../api/types';

const PATIENCE_MS = 120_000; // a month is typeset in less

/** Fetch a document and hand it over; the name is the server's. */
export async function download(path: string, purpose = ''): Promise<Answer<string>> {
  try {
    const headers: Record<string, string> = purpose === '' ? {} : { 'Redstick-Purpose': purpose };
    const answer = await fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) {
      const said = (await answer.json().catch(() => ({}))) as Partial<Problem>;
      return { ok: false, problem: { title: '', ...said, status: answer.status, code: said.code ?? `http_${answer.status}` } };
    }
    const name = nameOf(answer.headers.get('content-disposition') ?? '');
    hand(URL.createObjectURL(await answer.blob()), name);
    return { ok: true, body: name };
  } catch {
    return { ok: false, problem: NO_LINK };
  }
}

export const nameOf = (disposition: string): string => /filename="([^"]+)"/.exec(disposition)?.[1] ?? 'report';

function hand(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** This month and the one before, by the city's clock: as the server names them, and in words. */
export function months(now: number, zone: string): { month: string; says: string }[] {
  const parts = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', timeZone: zone }).formatToParts(now);
  const [year, month] = ['year', 'month'].map((type) => Number(parts.find((one) => one.type === type)?.value)) as [number, number];
  return [0, -1].map((back) => {
    const first = new Date(Date.UTC(year, month - 1 + back, 1));
    return { month: first.toISOString().slice(0, 7), says: new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(first) };
  });
}
