// The city that is served, as the map needs it before its first tile.
import { get } from '../api/http';

export interface CityPage {
  name: string;
  time_zone: string;
  sources: Record<string, { type: 'vector'; tiles: string[]; minzoom: number; maxzoom: number; bounds: [number, number, number, number]; attribution: string }>;
  stations: { id: string; name: string; x: number; y: number }[];
}

/** What stands where a map would be, while the map's own part of the console cannot be fetched. */
export const NOT_FETCHED = 'The map could not be fetched: load this page again once the server answers. Everything else works all the same.';

/** The city; undefined while it cannot be asked, null where none is served. */
export async function loadCity(): Promise<CityPage | undefined | null> {
  const answer = await get<CityPage>('/api/map/style-sources');
  if (answer.ok) return answer.body.sources['city'] === undefined ? null : answer.body;
  return answer.problem.status === 404 || answer.problem.code === 'no_city' ? null : undefined;
}
