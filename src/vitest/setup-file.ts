import { fileURLToPath } from 'node:url';
import type { TestProject, Vitest } from 'vitest/node';

/** The self-contained setup file: TypeScript in the sources, bundled with the same ending in the package. */
const SETUP_FILE = fileURLToPath(new URL('./setup.mts', import.meta.url));

/** Puts the setup file before those of the user. */
export function addSetupFile({ config }: TestProject): void {
  // A list of its own: vitest 5 gives a project and its benchmarks the same one.
  config.setupFiles = [SETUP_FILE, ...config.setupFiles];
}

/** Whether {@link addSetupFile} was called for a project. */
export function isGoverned({ config }: TestProject): boolean {
  return config.setupFiles.includes(SETUP_FILE);
}

/** Marks a run whose plugin was asked; symbols of the registry reach every copy of this module. */
const ASKED = Symbol.for('vitest-constitution.asked');

/** Whether {@link markAsked} was called for the run; a restart of vitest makes a new configuration. */
export function wasAsked({ config }: Vitest): boolean {
  return Object.hasOwn(config, ASKED);
}

export function markAsked({ config }: Vitest): void {
  Object.defineProperty(config, ASKED, { value: true });
}
