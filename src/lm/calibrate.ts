import { ConstitutionError } from '../core/errors.ts';
import { modelledCallMs, type RateCard } from '../core/rate-card.ts';
import { fitNonNegative } from './least-squares.ts';
import type { ModelIdentity } from './openai-response.ts';
import { CPU_HEADER } from './openai-response.ts';

/** One measured request. */
export interface Measurement {
  readonly input: number;
  readonly output: number;
  /** Milliseconds. */
  readonly time: number;
}

/** What a request of the spread asks for; the prompt has about `words` tokens. */
interface Probe {
  readonly words: number;
  readonly maxTokens: number;
}

const PROMPT_WORDS = [20, 60, 120, 200, 300, 450, 650, 900, 1160];
const OUTPUT_TOKENS = [5, 15, 40, 90];
const REPEATS = 2;

/** The spread: every prompt length with every output length, in an order that mixes them. */
export function probes(): Probe[] {
  const all = PROMPT_WORDS.flatMap((words) => OUTPUT_TOKENS.map((maxTokens) => ({ words, maxTokens })));
  const spread = Array.from({ length: REPEATS }, () => all).flat();
  // Stepping by a number without a common divisor visits all, and a slow spell hits no one corner of the spread.
  return spread.map((_, index) => spread[(index * 31) % spread.length] as Probe);
}

/**
 * Sends one request after another and fits a rate card to what they cost. The time is the CPU time the server
 * reports where it does, so that other load on the machine does not slow the card down, and else the wall time.
 *
 * @throws ConstitutionError `CX-LM-CALIBRATION` where a request fails or the times do not determine the rates.
 */
export async function calibrate(options: {
  readonly baseUrl: string;
  readonly model: ModelIdentity;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  readonly now?: () => Date;
}): Promise<RateCard> {
  const plan = probes();
  await measure(options.baseUrl, { words: 50, maxTokens: 5 }, 0, options.signal);
  const measurements: Measurement[] = [];
  let clock: RateCard['clock'] = 'cpu';
  for (const [index, probe] of plan.entries()) {
    const { clock: used, ...measurement } = await measure(options.baseUrl, probe, index + 1, options.signal);
    if (used === 'wall') clock = 'wall';
    measurements.push(measurement);
    options.onProgress?.(index + 1, plan.length);
  }
  const fit = fitRates(measurements);
  const createdAt = (options.now?.() ?? new Date()).toISOString();
  const { id, sha256 } = options.model;
  return { format: 1, model: { id, sha256 }, clock, ...fit, samples: measurements.length, createdAt };
}

/** Overhead and rates from measured requests, rounded to what the fit can carry. */
export function fitRates(
  measurements: readonly Measurement[],
): Pick<RateCard, 'overheadMs' | 'inputTokensPerSecond' | 'outputTokensPerSecond' | 'residual'> {
  const coefficients = fitNonNegative(
    measurements.map(({ input, output, time }) => ({ factors: [1, input, output], measured: time })),
  );
  const [overhead = 0, perInput = 0, perOutput = 0] = coefficients ?? [];
  if (perInput <= 0 || perOutput <= 0) {
    throw new ConstitutionError('CX-LM-CALIBRATION', 'The measured times do not grow with the tokens.', {
      hint: 'Calibrate again while the machine does less else.',
    });
  }
  const rates = {
    overheadMs: round(overhead, 1),
    inputTokensPerSecond: round(1000 / perInput, 1),
    outputTokensPerSecond: round(1000 / perOutput, 1),
  };
  const card: RateCard = { ...UNSTATED, ...rates };
  const errors = measurements.map(
    ({ input, output, time }) => Math.abs(modelledCallMs(card, { input, output }) - time) / time,
  );
  return { ...rates, residual: round(median(errors), 4) };
}

/** The parts of a card that its times do not depend on. */
const UNSTATED: Omit<RateCard, 'overheadMs' | 'inputTokensPerSecond' | 'outputTokensPerSecond'> = {
  format: 1,
  model: { id: '', sha256: null },
  clock: 'cpu',
  samples: 0,
  residual: 0,
  createdAt: '',
};

async function measure(
  baseUrl: string,
  probe: Probe,
  index: number,
  signal: AbortSignal,
): Promise<Measurement & { clock: RateCard['clock'] }> {
  const body = {
    messages: [{ role: 'user', content: promptOf(probe.words, index) }],
    max_tokens: probe.maxTokens,
    temperature: 1,
    seed: index,
    cache_prompt: false,
  };
  const started = performance.now();
  let response: Response;
  let answer: { usage?: { prompt_tokens?: number; completion_tokens?: number } };
  try {
    response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    signal.throwIfAborted();
    throw failed('cannot be reached', cause);
  }
  const { prompt_tokens: input, completion_tokens: output } = answer.usage ?? {};
  if (!response.ok || input === undefined || output === undefined) {
    throw failed(`answered ${response.status} without a count of tokens`);
  }
  const wall = performance.now() - started;
  const cpu = response.headers.get(CPU_HEADER);
  return { input, output, time: cpu === null ? wall : Number(cpu), clock: cpu === null ? 'wall' : 'cpu' };
}

/** About `words` tokens of plain English, different for every index from its first word on. */
function promptOf(words: number, index: number): string {
  const stock = ['river', 'stone', 'light', 'garden', 'winter', 'paper', 'music', 'bread', 'window', 'story'];
  const chosen = Array.from(
    { length: words },
    (_, at) => stock[(at * (index + 3) + at * at + index) % stock.length],
  );
  return `Number ${index}. Go on with this: ${chosen.join(' ')}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function failed(problem: string, cause?: unknown): ConstitutionError {
  return new ConstitutionError('CX-LM-CALIBRATION', `The model's endpoint ${problem}.`, {
    hint: 'Start it with "vitest-constitution lm", or check its address.',
    cause,
  });
}
