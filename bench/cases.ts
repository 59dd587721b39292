import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startVitest } from 'vitest/node';
import { packageRoot } from '../src/config/package-root.ts';
import { ConstitutionError } from '../src/core/errors.ts';
import { constitutionWithHooks } from '../src/vitest/plugin.ts';
import type { RunResult } from '../src/vitest/reporter.ts';

const CASES = 1_000;
const FILES = 2;

const STUB = `import dspy

class Answer(dspy.Signature):
    question: str = dspy.InputField()
    answer: str = dspy.OutputField()

def build(call_allowance=1):
    def run(question):
        return {"answer": question.upper()}
    return run
`;

/**
 * A thousand runs of a pipeline that calls no model, each a vitest test with the \`dspy\` fixture in real DSPy 3.0.1.
 *
 * @returns `secondsAfterStartUp`: from the first test's start to the end of the run, Python's start not included;
 *   `secondsInAll`; `milliseconds` a case.
 */
export async function benchCases(): Promise<Record<string, number>> {
  const root = await project();
  let firstStart = 0;
  let ended = 0;
  let result: RunResult | undefined;
  const started = performance.now();
  try {
    const plugin = constitutionWithHooks(
      { reporter: { silent: true } },
      {
        // The fork server is up before the first test, so that its import of DSPy is not counted.
        onService: (service) => service.environment('dspy-3.0.1').then(() => undefined),
        onEnd: (run) => {
          ended = performance.now();
          result = run;
        },
      },
    );
    const timer = {
      onTestModuleStart: () => {
        firstStart ||= performance.now();
      },
    };
    const vitest = await startVitest(
      'test',
      [],
      {
        root,
        config: false,
        watch: false,
        isolate: false,
        maxWorkers: FILES,
        reporters: [timer],
        testTimeout: 60_000,
      },
      { plugins: [plugin], logLevel: 'silent' },
    );
    await vitest.close();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  const failed = result?.tests.find((test) => test.state !== 'passed');
  if (failed || result?.tests.length !== CASES) {
    throw new ConstitutionError('CX-INTERNAL', `a case did not pass: ${failed?.errors[0]?.message}`);
  }
  const seconds = (ended - firstStart) / 1000;
  return {
    secondsAfterStartUp: seconds,
    secondsInAll: (ended - started) / 1000,
    milliseconds: (1000 * seconds) / CASES,
  };
}

async function project(): Promise<string> {
  const parent = path.join(packageRoot(), '.constitution', 'bench');
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(path.join(parent, 'cases-'));
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  await cp(path.join(packageRoot(), 'environments'), path.join(root, 'environments'), { recursive: true });
  await cp(path.join(packageRoot(), 'constraints.txt'), path.join(root, 'constraints.txt'));
  await mkdir(path.join(root, '.constitution'));
  for (const shared of ['envs', 'cache']) {
    await symlink(
      path.join(packageRoot(), '.constitution', shared),
      path.join(root, '.constitution', shared),
    );
  }
  await write('fixtures/stub.py', STUB);
  await write('fixtures/pipelines.yaml', 'pipelines:\n  stub: { role: coder, entry: "stub:build" }\n');
  await write(
    'gate.yaml',
    `environments: { baseline: dspy-2.6.27, candidate: dspy-3.0.1 }
roles: { coder: { baseline: stub, candidate: stub } }
lm: { model: none }
`,
  );
  const testModule = path.join(packageRoot(), 'src', 'vitest', 'test.ts');
  for (let file = 0; file < FILES; file++) {
    await write(
      `${file}.test.ts`,
      `import { expect, test } from ${JSON.stringify(testModule)};
for (let number = 0; number < ${CASES / FILES}; number++) {
  test(\`case \${number}\`, async ({ dspy }) => {
    const run = await dspy.run({
      pipeline: 'stub', environment: 'dspy-3.0.1', case: \`${file}-\${number}\`, inputs: { question: 'a' },
    });
    expect(run.output).toEqual({ answer: 'A' });
  });
}
`,
    );
  }
  return root;
}
