// Puts the offline worker in its place: beside a seat that lives, so that nobody waits for it. It answers from the next load on.
const LATER_MS = 3000; // than the first rows: they are painted by then, and the map is there

let placing = false;

export function putWorker(): void {
  // Without TLS a browser has no workers, except on its own machine.
  if (placing || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  placing = true;
  setTimeout(() => void navigator.serviceWorker.register('/worker.js', { updateViaCache: 'none' }).catch(() => (placing = false)), LATER_MS);
}
