import { describe, expect, test } from 'vitest';
import { hashJson, type JsonObject } from '../core/json.ts';
import { exchangeKey, type LmExchange } from '../core/lm-exchange.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import { pipelineRun } from '../core/verdict/pipeline-run.fixture.ts';
import { type ExplainedRun, renderWhy } from './why.ts';

const BROKEN = 'def add(a, b):\n    return a - b';
const MENDED = 'def add(a, b):\n    return a + b';

function run(arm: 'baseline' | 'candidate', code: string, more: Partial<PipelineRun> = {}): PipelineRun {
  const output = { code };
  return pipelineRun({
    case: 'add',
    arm,
    repeat: 0,
    outcome: code === MENDED ? 1 : 0,
    output,
    outputHash: hashJson(output),
    detail: code === MENDED ? 'all tests pass' : 'add(2, 3) is -1, expected 5',
    ...more,
  });
}

function exchange(
  request: JsonObject,
  response: Partial<LmExchange['response']>,
  path = '/v1/chat/completions',
): LmExchange {
  return {
    key: exchangeKey(path, request),
    ordinal: 0,
    path,
    request,
    response: { status: 200, headers: {}, body: null, ...response },
    tokens: null,
    startMs: 0,
    latencyMs: 10,
  };
}

const asked = (content: string, more: JsonObject = {}): JsonObject => ({
  messages: [
    { role: 'system', content: 'You repair functions.' },
    { role: 'user', content },
  ],
  ...more,
});
const said = (...contents: string[]) => ({
  body: { choices: contents.map((content) => ({ message: { content } })) },
});
const render = (runs: readonly ExplainedRun[], full = false) =>
  renderWhy('coder/add', runs, { color: false, full }).split('\n');

describe('renderWhy', () => {
  test('sets both arms beside each other, and shows where their outputs part', () => {
    const lines = render([
      { run: run('baseline', BROKEN), exchanges: [] },
      { run: run('candidate', MENDED), exchanges: [] },
    ]);
    expect(lines[0]).toBe('coder/add');
    expect(lines).toContain('repeat 0');
    expect(lines.filter((line) => /^ [✗✓] /.test(line)).map((line) => line.slice(0, 12))).toEqual([
      ' ✗ baseline ',
      ' ✓ candidate',
    ]);
    expect(lines).toContain('   add(2, 3) is -1, expected 5');
    expect(lines).toContain(' outputs, baseline → candidate');
    const parted = lines.filter((line) => /^ {3}[+-]/.test(line)).map((line) => line.trim());
    expect(parted).toEqual(['-     return a - b', '+     return a + b']);
  });

  test('repeats come in their order, each with its own arms', () => {
    const lines = render([
      { run: run('baseline', BROKEN, { repeat: 1 }), exchanges: [] },
      { run: run('candidate', BROKEN, { repeat: 1 }), exchanges: [] },
      { run: run('candidate', MENDED, { repeat: 0 }), exchanges: [] },
    ]);
    expect(
      lines.filter((line) => /^repeat|^ [✗✓] |Both arms/.test(line)).map((line) => line.slice(0, 12)),
    ).toEqual(['repeat 0', ' ✓ candidate', 'repeat 1', ' ✗ baseline ', ' ✗ candidate', ' Both arms g']);
  });

  test('a run that ended with an error tells it, and not its detail once more', () => {
    const error = { code: 'CX-PIPELINE-RAISED', message: 'ValueError: no idea' };
    const ended = run('candidate', BROKEN, { status: 'error', error, outcome: null, detail: 'no idea' });
    const lines = render([{ run: ended, exchanges: [] }]);
    expect(lines).toContain('   CX-PIPELINE-RAISED ValueError: no idea');
    expect(lines.filter((line) => line.includes('no idea'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('outcome');
  });

  test.each<[string, LmExchange, string[]]>([
    [
      'a chat: its last message and its answer, with the settings that shape it',
      exchange(asked('Repair add.', { temperature: 0.7, seed: 3 }), said('a + b')),
      ['   call 1 (temperature 0.7, seed 3), status 200', '     > Repair add.', '     < a + b'],
    ],
    [
      'several samples of one call',
      exchange(asked('Repair add.', { seed: 3 }), said('a + b', 'b + a')),
      ['   call 1 (seed 3), status 200', '     > Repair add.', '     < a + b', '     < ---', '     < b + a'],
    ],
    [
      'a completion',
      exchange({ prompt: 'def add' }, { body: { choices: [{ text: '(a, b)' }] } }, '/v1/completions'),
      ['   call 1, status 200', '     > def add', '     < (a, b)'],
    ],
    [
      'embeddings, whose answer has no text',
      exchange({ input: ['add'] }, { body: { data: [[1, 2]] } }, '/v1/embeddings'),
      ['   call 1, status 200', '     > ["add"]', '     < {"data":[[1,2]]}'],
    ],
    [
      'a stream',
      exchange(asked('Repair add.'), { events: ['{"delta":"a"}', '[DONE]'] }),
      ['   call 1, status 200', '     > Repair add.', '     < {"delta":"a"}', '     < [DONE]'],
    ],
    [
      'a refusal without a body',
      exchange(asked('Repair add.'), { status: 500 }),
      ['   call 1, status 500', '     > Repair add.', '     < null'],
    ],
    [
      'a message of parts',
      exchange({ messages: [{ role: 'user', content: [{ type: 'text', text: 'hm' }] }] }, said('a')),
      ['   call 1, status 200', '     > [{"type":"text","text":"hm"}]', '     < a'],
    ],
    [
      'a request without any message',
      exchange({ messages: [] }, said('a')),
      ['   call 1, status 200', '     > null', '     < a'],
    ],
  ])('%s', (_name, one, expected) => {
    const lines = render([{ run: run('baseline', BROKEN), exchanges: [one] }]);
    const at = lines.findIndex((line) => line.startsWith('   call 1'));
    expect(lines.slice(at, at + expected.length)).toEqual(expected);
  });

  test('of a long prompt the end is shown, unless all of it is asked for', () => {
    const prompt = Array.from({ length: 9 }, (_, at) => `line ${at} ${'x'.repeat(200)}`).join('\n');
    const runs = [{ run: run('baseline', BROKEN), exchanges: [exchange(asked(prompt), said('a'))] }];
    const shown = (lines: string[]) => lines.filter((line) => line.startsWith('     > '));
    const short = shown(render(runs));
    expect(short).toHaveLength(7);
    expect(short[0]).toBe('     > … 3 lines above (--full shows them)');
    expect(short[1]).toMatch(/^ {5}> line 3 x+…$/);
    expect(shown(render(runs, true))).toEqual(prompt.split('\n').map((line) => `     > ${line}`));
  });
});
