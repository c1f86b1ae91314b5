// What is known near a place: how far, and whether it concerns it.
import type { CautionRow } from '../../../feed/rows';

const E7_M = 0.011132; // metres in 1e-7 degrees of latitude

export interface Placed {
  x: number | null;
  y: number | null;
}

/** Metres between two positions of a city, undefined when one of them is not known. */
export function metres(a: Placed, b: Placed): number | undefined {
  if (a.x === null || a.y === null || b.x === null || b.y === null) return undefined;
  const shrink = Math.cos((((a.y + b.y) / 2e7) * Math.PI) / 180);
  return Math.hypot((a.x - b.x) * shrink, a.y - b.y) * E7_M;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** Cautions that concern a place: of the same address, or as near as they reach and the place is sure. */
export function concerning(cautions: readonly CautionRow[], place: Placed & { text: string; uncertainty_m: number }): CautionRow[] {
  const address = plain(place.text);
  return cautions.filter((one) => {
    const far = metres(one, place);
    return (address !== '' && plain(one.place) === address) || (far !== undefined && far <= Math.max(one.buffer_m, 30) + place.uncertainty_m);
  });
}
