import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

import { finishing, WORKER } from './building/finishing.ts';

const WORKER_ENTRY = 'worker';

export default defineConfig({
  plugins: [svelte(), finishing()],
  test: { css: true }, // the token test reads tokens.css
  build: {
    target: 'es2022', assetsInlineLimit: 0, sourcemap: false,
    chunkSizeWarningLimit: 1500, // the map library alone is larger than Vite's warning
    rolldownOptions: {
      input: { index: 'index.html', [WORKER_ENTRY]: 'src/offline/worker.ts' },
      // A worker's name is its identity, and its place is what it may answer for: at the root, without a stamp.
      output: { entryFileNames: (chunk) => (chunk.name === WORKER_ENTRY ? WORKER : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080', '/api/seat': { target: 'ws://localhost:8080', ws: true } } },
});
