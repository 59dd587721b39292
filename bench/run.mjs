#!/usr/bin/env node
// `npm run bench [name ...]`: runs the benchmarks in bench/*.ts one after another and prints their figures. `budget` names
// all of budget*.ts, and so on.
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const folder = path.dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const json = process.argv.includes('--json');
const results = {};
// Kept open to the end: benchmarks load parts of the sources as they go.
const server = await createServer({
  configFile: false,
  logLevel: 'silent',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .sort()) {
  const name = file.slice(0, -'.ts'.length);
  if (wanted.length > 0 && !wanted.some((word) => name === word || name.startsWith(`${word}-`))) continue;
  const module = await server.ssrLoadModule(path.join(folder, file));
  const benchmark = Object.values(module).find(
    (member) => typeof member === 'function' && member.name.startsWith('bench'),
  );
  if (!json) console.log(`${name} …`);
  results[name] = await benchmark();
  if (json) continue;
  for (const [figure, value] of Object.entries(results[name])) {
    console.log(`  ${figure.padEnd(48)} ${typeof value === 'number' ? value.toPrecision(4) : value}`);
  }
}
await server.close();
const machine = {
  cpus: os.availableParallelism(),
  model: os.cpus()[0]?.model ?? 'unknown',
  node: process.version,
};
console.log(
  json
    ? JSON.stringify({ machine, results }, null, 2)
    : `on ${machine.cpus} cores, ${machine.model}, Node ${machine.node}`,
);
