// Runs in every test worker, before the user's own setup files. Only a few lines: vite transforms what vitest inlines, and
// doing that to all checks took longer than they do. The rest is a module that Node loads as it is, once a worker.
import * as vitest from 'vitest';
import { governFiles } from './govern-files.mjs';

// Imports what this project says, which may be TypeScript; Node alone could not.
await governFiles(vitest, (module) => import(/* @vite-ignore */ module));
