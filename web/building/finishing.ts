// What is done to the bundle once it is written: the offline worker is told which files it keeps, and each text is packed for the wire.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

export const WORKER = 'worker.js';
const PAGE = 'index.html';
const TEXT = /\.(js|css|html|svg)$/;
const SMALL = 1024; // bytes: under this a file is sent as it is

export function finishing(): Plugin {
  let folder = '';
  return {
    name: 'redstick-finishing',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      tell(folder);
      pack(folder);
    },
  };
}

/** Every file below a folder, as the server names it. */
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf-8' }).map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile()).map((path) => relative(folder, path)).sort();

/** The worker keeps the whole console under a stamp of its content: another build is another worker. */
function tell(folder: string): void {
  const kept = files(folder).filter((name) => name !== WORKER);
  const digest = createHash('sha256');
  for (const name of kept) digest.update(`${name}\0`).update(readFileSync(join(folder, name)));
  const told = { stamp: digest.digest('hex').slice(0, 16), files: kept.map((name) => (name === PAGE ? '/' : `/${name}`)) };
  const path = join(folder, WORKER);
  writeFileSync(path, `const KEPT = ${JSON.stringify(told)};\n${readFileSync(path, 'utf-8')}`);
}

/** Beside each text what is sent of it to a browser that unpacks: nothing is packed while somebody waits. */
function pack(folder: string): void {
  for (const name of files(folder)) {
    const path = join(folder, name);
    const body = readFileSync(path);
    if (!TEXT.test(name) || body.length < SMALL) continue;
    writeFileSync(`${path}.br`, brotliCompressSync(body));
    writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  }
}
