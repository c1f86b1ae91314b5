// The worker that stands between the console and a server that does not answer: a page that is loaded then is the one
// that was last served. It keeps the console's own files and nothing of the city: what rows said is kept by the page
// (truth.ts), and nothing of the API ever passes through here.
export {};

declare const self: ServiceWorkerGlobalScope;
declare const KEPT: { stamp: string; files: string[] }; // written before this file when the console is built

const BUILD = 'redstick-console-';
const BUILDS_KEPT = 3; // a window that is open fetches its later parts from the build that it was opened with
const PATIENCE_MS = 4000; // until a server that took the request and says nothing counts as one that does not answer

self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (pathname.startsWith('/assets/')) event.respondWith(stamped(request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(BUILD + KEPT.stamp);
  await cache.addAll(KEPT.files);
  await self.skipWaiting(); // no open page is changed by it: what it has loaded stays, what it loads later has a stamp
}

/** Caches come in the order in which they were made. */
async function forgetOlder(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(BUILD) && name !== BUILD + KEPT.stamp);
  await Promise.all(builds.slice(0, Math.max(0, builds.length - BUILDS_KEPT + 1)).map((name) => caches.delete(name)));
}

/** The server's page wherever it answers, so that nobody works with an older console than it has. */
async function page(request: Request): Promise<Response> {
  const asked = fetch(request).catch(() => undefined);
  const answer = await Promise.race([asked, after(PATIENCE_MS)]);
  if (answer !== undefined && answer.status < 500) return answer;
  const kept = await (await caches.open(BUILD + KEPT.stamp)).match('/');
  return kept ?? (await asked) ?? Response.error();
}

/** A file whose name says its content is the same wherever it comes from. */
async function stamped(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

const after = (ms: number): Promise<undefined> => new Promise((done) => setTimeout(() => done(undefined), ms));
