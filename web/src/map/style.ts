// The map's look, from the tokens of the page: quiet streets, clear water and parks, names with halos. No outside server.

import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';

import type { CityPage } from './city';
import type { Colours } from './symbols';

const FONT = ['Inter Variable'];
export const SCENE_ZOOM = 16; // from here on a unit on scene has room beside its incident

// Road classes from the importer, from wide to narrow: width at zoom 10 and 17, and the colour's role.
const ROADS: [string[], number, number, string][] = [
  [['residential', 'unknown', 'service'], 0.4, 9, '--map-street'],
  [['tertiary'], 0.8, 12, '--map-street'],
  [['secondary', 'primary'], 1.4, 16, '--map-artery'],
  [['trunk', 'motorway', 'ramp'], 2, 20, '--map-motorway'],
];

const width = (low: number, high: number, extra = 0): ExpressionSpecification => [
  'interpolate', ['exponential', 1.6], ['zoom'], 10, low + extra * 0.4, 17, high + extra,
];

const ofClass = (classes: string[]): ExpressionSpecification => ['in', ['get', 'class'], ['literal', classes]];

/** The whole style. `city` is what the server says of its tiles; what is drawn with the map is filled in by it; what lives is drawn above. */
export function mapStyle(colour: Colours, city: CityPage): StyleSpecification {
  const tiles = city.sources['city'];
  if (tiles === undefined) throw new Error('the server names no tiles of the city');
  return {
    version: 8,
    transition: { duration: 0, delay: 0 }, // a theme is there at once
    sources: {
      city: { ...tiles, tiles: tiles.tiles.map((path) => new URL(path, location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}')) },
      route: { type: 'geojson', data: empty() },
      doubt: { type: 'geojson', data: empty() },
    },
    layers: [...ground(colour), ...roads(colour), ...names(colour), ...under(colour)],
  };
}

export const empty = (): FeatureCollection => ({ type: 'FeatureCollection', features: [] });

function ground(colour: Colours): LayerSpecification[] {
  return [
    { id: 'land', type: 'background', paint: { 'background-color': colour('--map-land') } },
    { id: 'park', type: 'fill', source: 'city', 'source-layer': 'parks', paint: { 'fill-color': colour('--map-park') } },
    { id: 'water', type: 'fill', source: 'city', 'source-layer': 'water', paint: { 'fill-color': colour('--map-water') } },
  ];
}

function roads(colour: Colours): LayerSpecification[] {
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const casings = ROADS.map(([classes, low, high], i): LayerSpecification => ({
    id: `casing-${i}`, type: 'line', source: 'city', 'source-layer': 'roads', filter: ofClass(classes), minzoom: 11, layout: round,
    paint: { 'line-color': colour('--map-casing'), 'line-width': width(low, high, 2.5) },
  }));
  const lines = ROADS.map(([classes, low, high, role], i): LayerSpecification => ({
    id: `road-${i}`, type: 'line', source: 'city', 'source-layer': 'roads', filter: ofClass(classes), layout: round,
    paint: { 'line-color': colour(role), 'line-width': width(low, high) },
  }));
  return [...casings, ...lines];
}

function names(colour: Colours): LayerSpecification[] {
  const paint = {
    'text-color': colour('--map-label'), 'text-halo-color': colour('--map-halo'), 'text-halo-width': 1.4,
  };
  const field: ExpressionSpecification = ['get', 'name'];
  const along = { 'symbol-placement': 'line' as const, 'text-field': field, 'text-font': FONT };
  return [
    {
      id: 'number', type: 'symbol', source: 'city', 'source-layer': 'addresses', minzoom: 16.6, paint: { ...paint, 'text-opacity': 0.8 },
      layout: { 'text-field': ['get', 'number'], 'text-font': FONT, 'text-size': 12 },
    },
    {
      id: 'street-name', type: 'symbol', source: 'city', 'source-layer': 'road_labels', minzoom: 14, filter: ofClass(['residential', 'tertiary']), paint,
      layout: { ...along, 'text-size': 12, 'text-padding': 8, 'symbol-spacing': 320 },
    },
    {
      id: 'artery-name', type: 'symbol', source: 'city', 'source-layer': 'road_labels', minzoom: 11.5, paint,
      filter: ofClass(['secondary', 'primary', 'trunk', 'motorway']),
      layout: { ...along, 'text-size': 13, 'text-padding': 16, 'symbol-spacing': 420 },
    },
    {
      id: 'place-name', type: 'symbol', source: 'city', 'source-layer': 'places', minzoom: 14.5, paint,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12, 'text-max-width': 8 },
    },
  ];
}

/** What lies under those who live: how sure a place is, the way there, the stations. */
function under(colour: Colours): LayerSpecification[] {
  const halo = { 'text-halo-color': colour('--map-halo'), 'text-halo-width': 1.8, 'text-color': colour('--ink') };
  return [
    {
      id: 'doubt', type: 'fill', source: 'doubt',
      paint: { 'fill-color': ['match', ['get', 'priority'], 1, colour('--p1'), 2, colour('--p2'), 3, colour('--p3'), 4, colour('--p4'), colour('--p5')], 'fill-opacity': 0.13 },
    },
    {
      id: 'doubt-edge', type: 'line', source: 'doubt',
      paint: { 'line-color': colour('--ink-soft'), 'line-width': 1.5, 'line-dasharray': [4, 3] },
    },
    {
      id: 'route', type: 'line', source: 'route', layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': colour('--accent'), 'line-width': 4, 'line-opacity': 0.75 },
    },
    {
      id: 'station', type: 'symbol', source: 'city', 'source-layer': 'stations', minzoom: 11,
      layout: {
        'text-field': ['concat', '⌂ ', ['get', 'id']], 'text-font': FONT, 'text-size': 12, 'text-offset': [0, 1.1],
      },
      paint: { ...halo, 'text-color': colour('--ink-faint') },
    },
  ];
}
