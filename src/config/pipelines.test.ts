import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { RunParams } from '../bridge/protocol.ts';
import { WorkerSession } from '../bridge/worker/session.ts';
import { environmentNames, root } from '../bridge/worker/test-support.ts';
import type { JsonObject } from '../core/json.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { SeededBug } from '../core/seeded-bug.ts';
import { ScriptedLm } from '../gateway/scripted-lm.ts';
import { environmentOfThisRun } from '../vitest/python-of-this-run.ts';
import { loadSeededBugs } from './bugs.ts';
import { loadPipelines } from './pipelines.ts';

const ALLOWANCE = 6;
const fixtures = path.join(root, 'fixtures');

let lm: ScriptedLm;
let pipelines: ReadonlyMap<string, Pipeline>;
let bugs: SeededBug[];
beforeAll(async () => {
  lm = await new ScriptedLm().start();
  [pipelines, bugs] = [await loadPipelines(root), await loadSeededBugs(root)];
});
afterAll(() => lm.stop());
beforeEach(() => {
  lm.requests = [];
});

const bugOf = (key: string) => bugs.find((bug) => `${bug.role}/${bug.id}` === key) as SeededBug;

function runOf(name: string, inputs: JsonObject, seed = 1): RunParams {
  const pipeline = pipelines.get(name) as Pipeline;
  return {
    root: fixtures,
    entry: pipeline.entry,
    runId: `test/${name}`,
    params: { call_allowance: ALLOWANCE, ...pipeline.params },
    inputs,
    lm: { baseUrl: lm.url, token: 't', model: 's', parameters: { temperature: 0.7, max_tokens: 90, seed } },
  };
}

/** What makes two requests draw the same sample. */
const identity = (request: JsonObject) =>
  JSON.stringify([request['messages'], request['seed'], request['temperature'], request['n']]);

/** Wordings of the rule that wash comes before dry. */
const REFUTING = [
  'Dry can start once wash is done.',
  'Dry starts only when wash is done.',
  'Once wash is done, dry can start.',
  'Only after wash may dry begin.',
  'Nobody can dry until wash is done.',
  'Before dry comes wash.',
  'Without wash there is no dry.',
  'Wash is due by dry.',
  'Dry and wash share the sink, wash goes first.',
  'Wash and dry share the sink: wash has it first.',
];

const washAndDry = (brief: string) => ({ brief, tasks: ['wash', 'dry'], plan: [] });

/** Places of wash and dry among the tasks that a brief names. */
const namedIn = (brief: string): [number, number] =>
  brief.search(/wash/i) < brief.search(/dry/i) ? [0, 1] : [1, 0];

describe.each(environmentNames)('reference pipelines in %s', (environment) => {
  let session: WorkerSession;
  beforeAll(async () => {
    session = await WorkerSession.connect((await environmentOfThisRun(environment)).socketPath);
  });
  afterAll(() => session.close());

  test.each(['coder-legacy', 'coder-native'])('%s hands out a right repair after one call', async (name) => {
    const bug = bugOf('coder/rectangle-area');
    lm.answer = () => 'def area(width, height):\n    return width * height\nuser\nAnd the next one?';
    const { output, stages } = await session.run(runOf(name, bug.visible));
    expect(output).toEqual({ code: await readFile(path.join(root, bug.folder, 'fixed.py'), 'utf8') });
    expect(lm.requests).toHaveLength(1);
    const ran = stages.map((stage) => stage.name);
    expect(pipelines.get(name)?.stages.filter((stage) => !ran.includes(stage))).toEqual([]);
  });

  test.each(['coder-legacy', 'coder-native'])(
    '%s stops at its call allowance, no two requests alike',
    async (name) => {
      lm.answer = () => 'def area(width, height):\n    return None';
      await session.run(runOf(name, bugOf('coder/rectangle-area').visible));
      expect(lm.requests).toHaveLength(ALLOWANCE);
      await session.run(runOf(name, bugOf('coder/rectangle-area').visible, 2));
      expect(new Set(lm.requests.map(identity)).size).toBe(2 * ALLOWANCE);
    },
  );

  test('the legacy Coder shows what was wrong where feedback is asked for', async () => {
    const answers = ['def area(', 'def size(x):\n    return 1', 'def area(width, height):\n    return 1'];
    lm.answer = () =>
      answers[lm.requests.length - 1] ?? 'def area(width, height):\n    return width * height';
    const run = runOf('coder-legacy', bugOf('coder/rectangle-area').visible);
    await session.run({ ...run, params: { ...run.params, feedback: true } });
    const prompts = lm.requests.map(
      (request) => (request['messages'] as { content: string }[]).at(-1)?.content,
    );
    expect(prompts[0]).not.toContain('Your last answer was wrong');
    expect(prompts[1]).toContain('This is not Python');
    expect(prompts[2]).toContain('There is no function area');
    expect(prompts[3]).toContain('area(2, 3) is 1, but must be 6');
    expect(prompts).toHaveLength(4);
  });

  test.each(['coder-legacy', 'coder-native'])(
    '%s is not shown the repair of the bug at hand',
    async (name) => {
      const bug = bugOf('coder/countdown');
      lm.answer = () => 'def countdown(start):\n    return None';
      await session.run(runOf(name, bug.visible));
      expect(JSON.stringify(lm.requests)).not.toContain('range(start, 0, -1)');
    },
  );

  test.each(['planner-legacy', 'planner-native'])('%s orders by what the LM reads', async (name) => {
    const inputs = {
      brief: 'Wash needs heat. Dry comes after wash.',
      tasks: ['dry', 'wash', 'heat'],
      plan: ['dry'],
    };
    lm.answer = (prompt) =>
      /which/i.test(prompt) ? (/heat/.test(prompt) ? 'heat' : 'wash') : secondFirst(prompt);
    const { output } = await session.run(runOf(name, inputs));
    expect(output).toEqual({ plan: ['heat', 'wash', 'dry'] });
  });

  test.each(REFUTING)('planner-native hands out no plan that "%s" refutes', async (brief) => {
    const [first, second] = namedIn(brief);
    const plan = async (order: number[]) => {
      lm.answer = (prompt) =>
        order.map((at) => prompt.match(/\b(X|Y|painting|cooking)\b/g)?.at(at)).join(', then ');
      return (await session.run(runOf('planner-native', washAndDry(brief)))).output;
    };
    expect(await plan([first, second])).toEqual({ plan: ['wash', 'dry'] });
    expect(await plan([second, first])).toEqual({ plan: null });
  });

  test.each(REFUTING)('planner-legacy hands out no plan that "%s" refutes', async (brief) => {
    const plan = async (answer: string) => {
      lm.answer = () => answer;
      return (await session.run(runOf('planner-legacy', washAndDry(brief)))).output;
    };
    expect(await plan('wash')).toEqual({ plan: ['wash', 'dry'] });
    expect(await plan('dry')).toEqual({ plan: null });
  });

  test.each(['planner-legacy', 'planner-native'])(
    '%s hands out what it reads for sure where the words state nothing',
    async (name) => {
      lm.answer = (prompt) => (/which/i.test(prompt) ? 'dry' : secondFirst(prompt));
      const brief = 'Wash is nothing for those who have not dry hands.';
      expect((await session.run(runOf(name, washAndDry(brief)))).output).toEqual({ plan: ['dry', 'wash'] });
    },
  );

  test('planner-native-handing-out hands out a refuted plan', async () => {
    lm.answer = (prompt) => (/which/i.test(prompt) ? 'dry' : secondFirst(prompt));
    const { output } = await session.run(
      runOf('planner-native-handing-out', washAndDry('Wash precedes dry.')),
    );
    expect(output).toEqual({ plan: ['dry', 'wash'] });
  });

  test('planner-native-own-names shows the tasks by their own names, its worked examples too', async () => {
    lm.answer = () => 'dry, then wash';
    const { output } = await session.run(runOf('planner-native-own-names', washAndDry('Wash needs dry.')));
    expect(output).toEqual({ plan: ['dry', 'wash'] });
    const asked = JSON.stringify(lm.requests);
    expect(asked).toContain('wash needs dry.');
    expect(asked).toContain('build, then test');
    expect(asked).not.toMatch(/painting|cooking|\b[XY]\b/);
  });

  test.each(['planner-legacy', 'planner-native'])('%s asks of no rule that was withdrawn', async (name) => {
    const inputs = {
      brief: 'Wash comes after dry. Dry no longer waits for wash.',
      tasks: ['wash', 'dry'],
      plan: ['wash', 'dry'],
    };
    lm.answer = (prompt) => (/which/i.test(prompt) ? 'dry' : secondFirst(prompt));
    const { output } = await session.run(runOf(name, inputs));
    expect(output).toEqual({ plan: ['dry', 'wash'] });
    expect(JSON.stringify(lm.requests)).not.toContain('no longer');
  });

  test.each(['planner-legacy', 'planner-native'])('%s stops at its call allowance', async (name) => {
    lm.answer = () => 'hm';
    const { visible } = bugOf('planner/satellite-launch');
    await session.run(runOf(name, visible));
    expect(lm.requests.length).toBeGreaterThan(4);
    expect(lm.requests.length).toBeLessThanOrEqual(ALLOWANCE);
    expect(new Set(lm.requests.map(identity)).size).toBe(lm.requests.length);
  });

  test.each(['coder-legacy', 'coder-native', 'planner-legacy', 'planner-native'])(
    '%s raises where the LM fails, instead of answering with less',
    async (name) => {
      lm.answer = () => 400;
      const bug = bugOf(name.startsWith('coder') ? 'coder/rectangle-area' : 'planner/garden');
      await expect(session.run(runOf(name, bug.visible))).rejects.toMatchObject({
        code: 'CX-PIPELINE-RAISED',
      });
    },
  );
});

/** An answer that puts the second of two neutral names first. */
function secondFirst(prompt: string): string {
  const names = prompt.match(/\b(X|Y|painting|cooking)\b/gi) ?? [];
  return `${names[1]}, then ${names[0]}`;
}

describe('the control of the Planner', () => {
  test.each(['planner/garden', 'planner/sunday-oven', 'planner/vaccine-trial'])(
    'asks no model, and is right for %s',
    async (key) => {
      const session = await WorkerSession.connect((await environmentOfThisRun('dspy-3.0.1')).socketPath);
      onTestFinished(() => session.close());
      const bug = bugOf(key);
      const { output } = await session.run(runOf('planner-wording', bug.visible));
      const scored = await session.score({
        root: fixtures,
        entry: 'reference.scoring:score_planner',
        case: path.join(root, bug.folder),
        output,
      });
      expect(scored).toMatchObject({ outcome: 1, violations: {} });
      expect(lm.requests).toEqual([]);
    },
  );
});
