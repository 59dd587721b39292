import { expect, test } from 'vitest';
import type { InlineConfig } from 'vitest/node';
import { runProject } from './test-support.ts';

const files = (body: string) => ({
  'constitution/i.yaml':
    'id: I\ntitle: T\nwhy: W\nchecks: [{ uses: no-env-leak }, { uses: no-global-leak }]\n',
  'a.test.ts': `import { expect, test, vi } from 'vitest';
test('a', () => {
  ${body}
});
test('b', () => {
  expect([process.env.OWN_MODE, globalThis.ownMode]).toEqual([undefined, undefined]);
});
`,
});
const found = async (body: string, config: InlineConfig) => {
  const { tests, constitution } = await runProject(files(body), { test: config });
  expect(tests[1]?.state).toBe('passed');
  return constitution.findings.map(({ code }) => code);
};
const UNSTUBBED = { unstubEnvs: true, unstubGlobals: true };
const STUBS = "vi.stubEnv('OWN_MODE', 'on'); vi.stubGlobal('ownMode', 1);";

test('stubs that vitest takes back by itself are not left to the next test', async () => {
  expect(await found(STUBS, UNSTUBBED)).toEqual([]);
});

test('of what it does not take back, each is a finding', async () => {
  const body = `${STUBS} delete process.env.OWN_MODE; delete globalThis.ownMode; process.env.OTHER = '1'; globalThis.other = 1;`;
  expect(await found(body, UNSTUBBED)).toEqual(['CX-ENV-LEAK', 'CX-GLOBAL-LEAK']);
  const taken = `${STUBS} vi.unstubAllEnvs(); vi.unstubAllGlobals(); process.env.OTHER = '1'; globalThis.other = 1;`;
  expect(await found(taken, UNSTUBBED)).toEqual(['CX-ENV-LEAK', 'CX-GLOBAL-LEAK']);
});

test('one of the two can be taken back alone', async () => {
  const global = "vi.stubEnv('OWN_MODE', 'on'); vi.stubGlobal('other', 1);";
  expect(await found(global, { unstubEnvs: true })).toEqual(['CX-GLOBAL-LEAK']);
});
