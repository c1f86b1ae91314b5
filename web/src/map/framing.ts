// What a map shows whole stays whole while its room changes, until somebody looks elsewhere: first the city.
import type { LngLatBoundsLike, Map as LibreMap } from 'maplibre-gl';

import type { CityPage } from './city';

const NEAREST = 16; // a single point is not looked at through a microscope
const MARGIN = { top: 28, right: 28, bottom: 56, left: 28 }; // half a symbol; below stands where the map is from
const EVERYWHERE: LngLatBoundsLike = [-180, -85, 180, 85];

export class Framing {
  private held: LngLatBoundsLike | undefined;

  /** Of a map whose container says, as `data-view`, what is seen: west, south, east, north in degrees. */
  constructor(private readonly map: LibreMap, city: CityPage) {
    map.on('resize', () => this.fit());
    map.on('movestart', (event) => {
      if (event.originalEvent !== undefined) this.letGo(); // by a hand, a wheel, a key, a button of the map
    });
    map.on('moveend', () => (map.getContainer().dataset['view'] = map.getBounds().toArray().flat().join(' ')));
    this.hold(city.sources['city']?.bounds ?? EVERYWHERE);
  }

  hold(bounds: LngLatBoundsLike): void {
    this.held = bounds;
    this.fit();
  }

  letGo(): void {
    this.held = undefined;
  }

  private fit(): void {
    if (this.held !== undefined) this.map.fitBounds(this.held, { padding: MARGIN, maxZoom: NEAREST, duration: 0 });
  }
}
