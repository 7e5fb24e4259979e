// How much goes over the wire before the first page stands, compressed; fails above the limit.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 200;
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const first = ['index.html', ...[...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((found) => found[1])];
const kb = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist))).length, 0) / 1000;
const names = readdirSync(dist, { recursive: true }).filter((name) => statSync(new URL(name, dist)).isFile());

console.log(`first load ${kb(first).toFixed(1)} kB gzip (limit ${LIMIT_KB}), everything ${kb(names).toFixed(1)} kB`);
if (kb(first) > LIMIT_KB) process.exit(1);
