// What lives on the map: marks that are drawn above it, and features of the map itself. Pure, from rows.
// Marks keep positions of 1e-7 degrees; features leave in degrees.
import type { Feature, FeatureCollection, Polygon } from 'geojson';

import { E7, type IncidentRow, type TrackRow, type UnitRow } from '../feed/rows';
import { onScene, tone } from '../words/words';

const CORNERS = 48; // of a circle
const M_PER_DEGREE = 111_320;
const OLD_MS = 120_000; // a position older than this is drawn hollow

export const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

/** An incident, a unit or what a station can send: one picture in one spot, and its name. */
export interface Mark {
  key: string; // of the row that it stands for
  kind: 'incident' | 'unit' | 'station';
  name: string;
  x: number; // 1e-7 degrees
  y: number;
  picture: string; // as `Pictures` has them
  heading: number; // degrees from north; 0 for what does not move
  label: string;
  chosen: boolean;
  priority: number; // of an incident, else 0
  scene: boolean; // a unit on scene: it lies beside or under its incident
}

/** A circle of so many metres around a position, to scale wherever it lies. */
export function circle(x: number, y: number, metres: number): Polygon {
  const [east, north] = [x / E7, y / E7];
  const high = metres / M_PER_DEGREE;
  const wide = high / Math.cos((north * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, i) => {
    const turn = (2 * Math.PI * (i % CORNERS)) / CORNERS;
    return [east + wide * Math.cos(turn), north + high * Math.sin(turn)];
  });
  return { type: 'Polygon', coordinates: [ring] };
}

export interface Shown {
  incidents: readonly IncidentRow[];
  units: ReadonlyMap<string, UnitRow>;
  tracks: ReadonlyMap<string, TrackRow>;
  incident: string; // selected
  unit: string; // selected
  now: number;
}

/** Priority shapes; units on scene are named below them, so that no shape hides another. */
export function incidentMarks(shown: Shown): Mark[] {
  const placed = shown.incidents.filter((row) => row.x !== null && row.y !== null);
  return placed.map((row) => {
    const chosen = row.incident === shown.incident;
    const there = row.units.filter((part) => onScene(shown.units.get(part.unit), row.incident));
    return {
      key: `incident/${row.incident}`, kind: 'incident', name: row.incident, x: row.x as number, y: row.y as number,
      picture: `p${row.priority}${chosen ? '-on' : ''}`, heading: 0, label: there.map((part) => part.unit).join(' '),
      chosen, priority: row.priority, scene: false,
    };
  });
}

/** How far the truth may lie from where an incident is drawn. */
export function doubtFeatures(shown: Shown): FeatureCollection {
  const placed = shown.incidents.filter((row) => row.x !== null && row.y !== null && row.uncertainty_m > 0);
  return collection(placed.map((row) => ({
    type: 'Feature', properties: { priority: row.priority }, geometry: circle(row.x as number, row.y as number, row.uncertainty_m),
  })));
}

interface Spot {
  row: UnitRow;
  track: TrackRow;
  names: string[];
}

/** Where a unit is: its device's own word, else its last reported position. */
export function placeOf(row: UnitRow, track: TrackRow | undefined): TrackRow | undefined {
  if (track !== undefined) return track;
  if (row.x === null || row.y === null) return undefined;
  return { x: row.x, y: row.y, heading: null, at: row.seen_at ?? 0, moving: false, quality: row.quality };
}

/** Units by heading and status; those that stand in one spot are one square with all their names. */
export function unitMarks(shown: Shown): Mark[] {
  const spots = new Map<string, Spot>();
  for (const row of shown.units.values()) {
    const track = placeOf(row, shown.tracks.get(row.unit));
    const chosen = row.unit === shown.unit;
    if (track === undefined || (row.status === 'AQ' && !track.moving && !chosen)) continue; // in quarters: the station says it
    const spot = track.moving || chosen ? row.unit : `${track.x} ${track.y} ${row.status}`;
    const shared = spots.get(spot);
    if (shared) shared.names.push(row.unit);
    else spots.set(spot, { row, track, names: [row.unit] });
  }
  return [...spots.values()].map((spot) => unitMark(spot, shown));
}

function unitMark({ row, track, names }: Spot, shown: Shown): Mark {
  const old = shown.now - track.at > OLD_MS && track.at > 0 && row.status !== 'AQ';
  const moving = track.moving && track.heading !== null && !old;
  return {
    key: `unit/${row.unit}`, kind: 'unit', name: row.unit, x: track.x, y: track.y,
    picture: `unit-${tone(row.status)}${old ? '-old' : moving ? '-moving' : ''}`, heading: moving ? (track.heading ?? 0) : 0,
    label: names.join(' ') + (old ? ` · ${Math.round((shown.now - track.at) / 60_000)} min old` : ''),
    chosen: row.unit === shown.unit, priority: 0, scene: onScene(row, row.incident),
  };
}

/** From the selected unit to the incident that it works on: the way itself where it is told, else a straight line. */
export function wayFeatures(shown: Shown, line: readonly [number, number][] | undefined): FeatureCollection {
  const unit = shown.units.get(shown.unit);
  const from = unit === undefined ? undefined : placeOf(unit, shown.tracks.get(shown.unit));
  const to = shown.incidents.find((row) => row.incident === unit?.incident);
  let points = line ?? [];
  if (points.length < 2 && from !== undefined && to?.x != null && to.y !== null && !onScene(unit, to.incident)) {
    points = [[from.x, from.y], [to.x, to.y]];
  }
  if (points.length < 2) return collection([]);
  const coordinates = points.map(([x, y]) => [x / E7, y / E7]);
  return collection([{ type: 'Feature', properties: { straight: line === undefined ? 1 : 0 }, geometry: { type: 'LineString', coordinates } }]);
}
