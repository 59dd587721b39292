import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Vitest } from 'vitest/node';
import { loadProjectChecks } from './project-checks.ts';

test('a module that does not come to its end stops the run, and is named', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'checks-'));
  try {
    await writeFile(path.join(root, 'own.mjs'), 'await new Promise(() => {});\nexport default {};\n');
    const ssrLoadModule = (module: string) => import(/* @vite-ignore */ module);
    const vitest = { config: { root }, vite: { ssrLoadModule } } as unknown as Vitest;
    await expect(loadProjectChecks(vitest, root, 50)).rejects.toMatchObject({
      code: 'CX-CONFIG-INVALID',
      message: 'the check cannot be loaded: not done within 50 ms',
      place: { file: 'own.mjs' },
      hint: expect.stringContaining('await'),
    });
  } finally {
    await rm(root, { recursive: true });
  }
});
