// The map library: most of the console's weight, and so fetched beside the first rows, never before them.
import 'maplibre-gl/dist/maplibre-gl.css';
import './library.css'; // after the library's own, whose rules weigh as much

import { Map as LibreMap, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';

setWorkerUrl(workerUrl);

export { LibreMap, NavigationControl };
