import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { loadGate } from '../config/gate.ts';
import { ConstitutionError } from '../core/errors.ts';
import { IMPORTED, idsOf, type PytestRow, rowOf } from '../core/pytest-comparison.ts';
import { type RunningPair, startSuitePair } from '../pytest/suite-pair.ts';
import { ServiceClient } from './service-client.ts';
import './provided.ts';

/** A pytest suite that is to run under two versions of DSPy. */
export interface PytestSuiteOptions {
  /** The folder in which pytest is called, relative to the project. It is copied, and stays as it is. */
  readonly root: string;
  /** The earlier and the later environment, by name or version. Default: those of `gate.yaml`. */
  readonly environments?: readonly [baseline: string, candidate: string];
  /** What the suite needs beside DSPy and pytest: `httpx==0.28.1`, or `-r requirements.txt` with a file of the suite. */
  readonly requirements?: readonly string[];
  /** For pytest: paths, `-k`, `-m`. */
  readonly arguments?: readonly string[];
  /** Limit for one test; 60 by default. */
  readonly secondsPerTest?: number;
  /** Lets tests reach other machines. */
  readonly network?: boolean;
  /** Names the suite, and the recordings of its LM calls; default: its folder. */
  readonly name?: string;
  /** Tests that fail in both versions fail; by default they are skipped, with the reason. */
  readonly strict?: boolean;
}

/**
 * Defines a test for each test of a pytest suite, named by the id that pytest gives it. It fails where the later version is
 * worse: the test is broken, gone, or new and failing. To be awaited at the top of a test file; the environments of the
 * suite are made where they are not there yet.
 *
 * @throws ConstitutionError CX-PYTEST-SUITE where neither version comes to any test, CX-CONFIG-* and CX-ENV-*.
 */
export async function pytestSuite(options: PytestSuiteOptions): Promise<void> {
  const { root: project, service } = inject('constitution');
  const { root, environments = await gateEnvironments(project), strict = false, ...rest } = options;
  const client = service && new ServiceClient(service);
  const pair = await startSuitePair(
    { ...rest, root: project, suite: path.resolve(project, root), environments },
    client ? { client, baseUrl: client.gatewayUrl } : null,
  );
  const { baseline, candidate } = pair;
  const [before, after] = await Promise.all([baseline.arm.collected, candidate.arm.collected]);
  const files = new Set([...baseline.arm.unusable, ...candidate.arm.unusable]);
  if (before.length + after.length === 0) throw await withoutTests(pair, root);

  describe(`pytest ${options.name ?? root}`, () => {
    for (const file of files) {
      test(file, async ({ skip }) => {
        const [was, is] = await Promise.all([baseline.arm.result(file), candidate.arm.result(file)]);
        judge(rowOf(file, 'file', was ?? IMPORTED, is ?? IMPORTED), { skip, strict });
      });
    }
    for (const id of idsOf(namesOf(before), namesOf(after))) {
      test(id, { timeout: 0 }, async ({ skip }) => {
        const [was, is] = await Promise.all([baseline.arm.result(id), candidate.arm.result(id)]);
        judge(rowOf(id, 'test', was, is), { skip, strict });
      });
    }
    test('the suite as a whole', { timeout: 0 }, async () => {
      const { findings } = await pair.finish();
      const whole = (name: string) =>
        findings.filter(({ about, environment }) => about === null && environment === name);
      const known = new Set(whole(baseline.environment.name).map(({ code }) => code));
      const further = whole(candidate.environment.name).filter(({ code }) => !known.has(code));
      expect(further.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    });
  });
}

async function gateEnvironments(project: string): Promise<[string, string]> {
  const { environments } = await loadGate(project);
  return [environments.baseline, environments.candidate];
}

function judge(row: PytestRow, { skip, strict }: { skip: (note: string) => void; strict: boolean }): void {
  const { change, worse, failing, candidate, baseline } = row;
  const why = candidate?.message ?? '';
  if (!worse && !strict && failing) skip(`fails in both versions: ${why}`);
  if (!failing && candidate?.outcome === 'skipped') skip(why);
  if (!worse && candidate === null) skip('not in the later version, and did not pass in the earlier one');
  const detail = candidate?.detail ?? '';
  const code = worse ? 'CX-PYTEST-WORSE' : (candidate?.code ?? 'failing');
  expect(
    worse || failing,
    `${code}: ${change}, ${baseline?.outcome ?? 'not there'} → ${candidate?.outcome ?? 'not there'}: ${why}\n${detail}`,
  ).toBe(false);
}

async function withoutTests(pair: RunningPair, root: string): Promise<ConstitutionError> {
  const { findings } = await pair.finish();
  const [first] = findings;
  return new ConstitutionError(
    'CX-PYTEST-SUITE',
    `the suite came to no tests: ${first?.message ?? 'none there'}`,
    {
      place: { file: root },
      hint: 'Call pytest in that folder; name what it needs with `requirements`.',
      details: { output: first?.detail ?? '' },
    },
  );
}

function namesOf(ids: readonly string[]): Record<string, true> {
  return Object.fromEntries(ids.map((id) => [id, true]));
}
