// Closures as they are drawn. `line` of a closure is one run of numbers: stretches are parted by going back to their
// own beginning, so that what is read out of it is never a line across the city.
import type { Feature, LineString } from 'geojson';

import type { RoadFound } from '../../api/types';
import { E7 } from '../../feed/rows';

export interface Closure {
  id: string;
  segments: string[];
  reason: string;
  by: string;
  begins_at: number;
  ends_at: number | null;
  line: number[];
}

const MOST = 2000; // numbers that a closure may carry

/** A road is taken into the picked ones, or out of them. */
export const toggled = (picked: readonly RoadFound[], road: RoadFound): RoadFound[] =>
  picked.some((one) => one.segment === road.segment) ? picked.filter((one) => one.segment !== road.segment) : [...picked, road];

/** The stretches one behind the other, each forth and back again to its beginning; left out where it would be too long. */
export function lineOf(picked: readonly RoadFound[]): number[] {
  const line = picked.flatMap((road) => [...road.line, ...road.line.slice(0, -1).reverse()].flat());
  return line.length <= MOST ? line : [];
}

/** The lines of a closure again: a stretch ends where its beginning comes back. */
export function linesOf(line: readonly number[], name: string): Feature<LineString>[] {
  const points = Array.from({ length: Math.floor(line.length / 2) }, (_, i) => [(line[2 * i] as number) / E7, (line[2 * i + 1] as number) / E7]);
  const found: Feature<LineString>[] = [];
  let stretch: number[][] = [];
  for (const point of points) {
    stretch.push(point);
    const first = stretch[0] as number[];
    if (stretch.length > 2 && point[0] === first[0] && point[1] === first[1]) {
      found.push({ type: 'Feature', properties: { name }, geometry: { type: 'LineString', coordinates: stretch.slice(0, (stretch.length + 1) / 2) } });
      stretch = [];
    }
  }
  if (stretch.length > 1) found.push({ type: 'Feature', properties: { name }, geometry: { type: 'LineString', coordinates: stretch } });
  return found;
}
