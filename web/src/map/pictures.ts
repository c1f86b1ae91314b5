// The pictures of a theme, given to a map: a symbol for each priority, and for each unit by how it stands.
import type { Map as LibreMap } from 'maplibre-gl';

import { PIXEL_RATIO, priorityPicture, unitPicture, type Colours } from './symbols';

const TONES = { good: '--good', accent: '--accent', busy: '--busy', warn: '--warn', faint: '--ink-faint' } as const;

/** Give the map every picture as the theme has it now; those of the theme before are gone. */
export function dressPictures(map: LibreMap, colour: Colours): void {
  const put = (name: string, picture: ImageData): void => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, picture, { pixelRatio: PIXEL_RATIO });
  };
  for (const level of [1, 2, 3, 4, 5]) {
    for (const chosen of [false, true]) put(`p${level}${chosen ? '-on' : ''}`, priorityPicture(level, colour, chosen));
  }
  for (const [name, token] of Object.entries(TONES)) {
    put(`unit-${name}`, unitPicture('stands', colour(token), colour));
    put(`unit-${name}-moving`, unitPicture('moves', colour(token), colour));
    put(`unit-${name}-old`, unitPicture('old', colour(token), colour));
  }
}
