// A set-up file of `npm run coverage`: what a test starts is measured. It is asked for here, and not for vitest as a whole,
// for in one process two measurements would take each other's counts away.
import { fileURLToPath } from 'node:url';

const recorder = fileURLToPath(new URL('./record-coverage.mjs', import.meta.url));
process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import=${recorder}`.trim();
