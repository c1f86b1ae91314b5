import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  test: { css: true }, // the token test reads tokens.css
  // The map library alone is larger than Vite's warning; it is the page's main part.
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1500, sourcemap: false },
  server: { proxy: { '/api': 'http://localhost:8080', '/api/seat': { target: 'ws://localhost:8080', ws: true } } },
});
