import { Command as Commander } from 'commander';
import { expect, it } from 'vitest';
import { packageRoot } from '../../config/package-root.ts';
import { command as doctor } from './doctor.ts';
import { command as env } from './env.ts';

/** Runs a command on this repository and returns its exit code and what it printed. */
async function run(command: typeof doctor, json: boolean, ...args: string[]) {
  const printed: string[] = [];
  let code = -1;
  const program = new Commander();
  command.configure(program, (action) => async (...given) => {
    code = await action(
      {
        root: packageRoot(),
        json,
        quiet: true,
        color: false,
        ask: null,
        signal: new AbortController().signal,
        out: (text) => printed.push(text),
        note: () => undefined,
      },
      ...given,
    );
  });
  await program.parseAsync(args, { from: 'user' });
  return { code, text: printed.join('\n') };
}

it('both DSPy versions are as locked, isolated, and imported at the same time', async () => {
  const { text } = await run(doctor, true);
  const report = JSON.parse(text);
  const declared = report.environments.filter((one: { name: string }) =>
    /^dspy-(2\.6\.27|3\.0\.1)$/.test(one.name),
  );
  expect(declared).toHaveLength(2);
  for (const one of declared) {
    expect(one).toMatchObject({
      name: `dspy-${one.dspy}`,
      state: 'ready',
      packages: { differences: [] },
      isolation: {
        dspy: one.dspy,
        foreignPaths: [],
        userSite: false,
        pythonPathIgnored: true,
        ownCache: true,
      },
    });
    expect(one.packages.installed).toBeGreaterThan(50);
  }
  expect(report.importedTogether.length).toBeGreaterThanOrEqual(2);
  expect(report.node.ok).toBe(true);
});

it('env list shows them, for people and for machines', async () => {
  const listed = JSON.parse((await run(env, true, 'list')).text);
  expect(listed).toContainEqual(
    expect.objectContaining({
      name: 'dspy-3.0.1',
      dspy: '3.0.1',
      declared: true,
      state: 'ready',
      differences: [],
    }),
  );
  expect((await run(env, false, 'list')).text).toMatch(
    /^dspy-2\.6\.27 +ready \(dspy 2\.6\.27, Python 3\.1\d/m,
  );
});

it('env sync names what is ready, and refuses a name that is not declared', async () => {
  const { code, text } = await run(env, true, 'sync', 'dspy-3.0.1');
  expect(code).toBe(0);
  expect(JSON.parse(text)).toEqual({ ready: ['dspy-3.0.1'], installed: [] });
  await expect(run(env, false, 'sync', 'dspy-3.0.2')).rejects.toMatchObject({
    code: 'CX-CONFIG-REFERENCE',
    hint: 'Did you mean "dspy-3.0.1"?',
  });
});
