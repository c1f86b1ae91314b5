// The last truth of a seat, kept in this browser for a page that is loaded while no server answers. Never shown where one does.
import type { Snapshot } from '../api/types';
import type { Clock } from '../frame/demo';
import type { CityPage } from '../map/city';

export interface Truth {
  person: string;
  roles: string[];
  console: string; // where it was seen: `dispatch:1`, '' for nowhere
  city: CityPage | undefined;
  pace: Clock | undefined;
  heard: number; // the server's last word, by this machine's clock
  rows: Snapshot;
}

const KEPT = 'redstick-truth';
const BUILD = import.meta.url; // rows of another build may have another form: they are not shown

let keeps_ms = 0; // since the last word: as long as a session lasts unused, which the server says

const page = (seat: string): string => `/kept/${seat}/`;

let last: Promise<unknown> = Promise.resolve(); // one after the other: what is forgotten is not written again behind it

function next<Value>(doing: () => Promise<Value>): Promise<Value | undefined> {
  const done = last.then(doing).catch(() => undefined); // a browser that keeps nothing shows nothing
  last = done;
  return done;
}

export function keepTruthFor(ms: number): void {
  keeps_ms = ms;
}

export function keepTruth(seat: string, truth: Truth): Promise<unknown> {
  const told = JSON.stringify({ build: BUILD, until: truth.heard + keeps_ms, truth } satisfies Kept);
  return next(async () => (await caches.open(KEPT)).put(page(seat) + encodeURIComponent(truth.console), new Response(told)));
}

/** What this console saw last; where it saw nothing (a window that is opened anew), what any of its kind did. Never past its time. */
export function recallTruth(seat: string, console: string): Promise<Truth | undefined> {
  return next(async () => {
    const all = (await fresh()).filter(({ url, build }) => new URL(url).pathname.startsWith(page(seat)) && build === BUILD);
    const found = all.map((one) => one.truth).sort((a, b) => b.heard - a.heard);
    return found.find((one) => one.console === console) ?? found[0];
  });
}

/** Whether this browser has anything left to show; undefined where browsers keep nothing. */
export function anyTruth(): Promise<boolean | undefined> {
  return next(async () => (await fresh()).length > 0);
}

/** Keep nothing; or, where somebody goes on sitting here, nothing that others saw. */
export function forgetTruth(but = ''): Promise<unknown> {
  if (but === '') return next(() => caches.delete(KEPT));
  return next(async () => {
    const cache = await caches.open(KEPT);
    for (const { url, truth } of await kept()) if (truth.person !== but) await cache.delete(url);
  });
}

interface Kept {
  build: string;
  until: number; // by this machine's clock
  truth: Truth;
}

async function kept(): Promise<(Kept & { url: string })[]> {
  const cache = await caches.open(KEPT);
  const all = (await cache.keys()).map(async (one) => ({ url: one.url, ...((await (await cache.match(one))?.json()) as Kept) }));
  return Promise.all(all);
}

/** What is kept and may still be shown; the rest is kept no longer. */
async function fresh(): Promise<(Kept & { url: string })[]> {
  const cache = await caches.open(KEPT);
  const all = await kept();
  const over = all.filter(({ until }) => !(Date.now() < until));
  await Promise.all(over.map(({ url }) => cache.delete(url)));
  return all.filter((one) => !over.includes(one));
}
