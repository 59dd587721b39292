import { z } from 'zod';
import { RUN_CAPS } from '../core/optimizer-budget.ts';
import { OPTIMIZER_NAMES } from '../core/optimizers.ts';
import { budgetEventSchema, budgetViolationSchema } from './budget-violation.ts';
import { growthSchema } from './pipeline-growth.ts';
import { count, sha256, unit } from './report-parts.ts';

const candidate = z.strictObject({
  instructions: z.record(z.string(), z.string()).describe('By the path of the predictor.'),
  demos: z
    .record(z.string(), z.array(z.record(z.string(), z.json())))
    .optional()
    .describe('Worked examples that the optimizer chose, by the path of the predictor.'),
  score: unit.describe('Mean over the validation split.'),
  scores: z.array(unit).describe('By bug of the validation split, in the order of `validation`.'),
  parents: z.array(count).describe('Candidates it was made from, by their position.'),
});

/** What the optimizer writes down at every iteration. */
export const optimizerProgressSchema = z.strictObject({
  iteration: count,
  evaluations: count.describe("Answers by the optimizer's own count."),
  best: count.describe('Position of the best candidate; 0 is the pipeline as it was.'),
  candidates: z.array(candidate),
  front: z
    .array(z.array(count))
    .describe('By bug of the validation split: the candidates that are best at it.'),
  versions: z.record(z.string(), z.string()),
});

export type OptimizerProgress = z.output<typeof optimizerProgressSchema>;

const amount = z.number().min(0);

/** How an optimization came to its end. */
export const OPTIMIZATION_STATUSES = ['completed', 'stopped-by-budget', 'cancelled', 'failed'] as const;

/** `eval/optimized/<role>/optimization.json`. */
export const optimizationSchema = z.strictObject({
  format: z.literal(1),
  role: z.string(),
  pipeline: z.string().describe('The pipeline that was optimized, in fixtures/pipelines.yaml.'),
  environment: z.string(),
  optimizer: z.enum(OPTIMIZER_NAMES),
  reflector: z
    .enum(['lm', 'catalogue'])
    .nullable()
    .describe(
      'What wrote the instructions: a language model, or a reviewed catalogue, which is none. null: nothing writes any.',
    ),
  budget: z
    .string()
    .nullable()
    .describe('Name of the smaller budget of optimizer_budget.yaml it was run with.'),
  asked: z
    .strictObject({
      judge: z.string(),
      train: count.nullable(),
      validation: count.nullable(),
      minibatch: count,
    })
    .describe('How it was asked for; null: all bugs of the split.'),
  status: z.enum(OPTIMIZATION_STATUSES),
  stoppedBy: z.enum(RUN_CAPS).nullable().describe('The cap that was reached.'),
  endedBy: z
    .enum(['itself', 'watchdog'])
    .describe('watchdog: it did not unwind in time, and its process was killed.'),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  finishedAt: z.iso.datetime(),
  mode: z.enum(['replay', 'record', 'live', 'auto']),
  models: z.strictObject({
    task: z.string(),
    reflection: z.string().nullable().describe('null where no language model writes instructions.'),
  }),
  seed: count,
  sourcesSha256: sha256.describe('Over pipeline, judge, bugs, locks and settings that it was made from.'),
  train: z.array(z.string()),
  validation: z.array(z.string()),
  spent: z.strictObject({
    calls: count,
    inputTokens: count,
    outputTokens: count,
    cost: amount.nullable().describe('In `currency`; null where a model has no price.'),
    knownCost: amount.describe('Of the calls whose model has a price, in `currency`.'),
    unpricedCalls: count.describe('Calls whose model has no price: what they cost is unknown.'),
    currency: z.string(),
    seconds: amount,
    metricCalls: count,
    estimated: z.strictObject({ calls: count, inputTokens: count, outputTokens: count }),
  }),
  events: z.array(budgetEventSchema),
  violations: z
    .array(budgetViolationSchema)
    .describe(
      'The hard caps among `events`, with what the constitution says of them, after those that processes have left over which were killed first.',
    ),
  growth: growthSchema
    .nullable()
    .describe(
      'The best program against the pipeline as it was; null where this process has not scored both.',
    ),
  result: optimizerProgressSchema
    .nullable()
    .describe('null where not even the pipeline as it was has been scored.'),
  programSha256: sha256
    .nullable()
    .optional()
    .describe(
      'Over the `program.json` that it has left, as canonical JSON; null where it has left none, and one that is there is of an earlier optimization.',
    ),
});

export type Optimization = z.output<typeof optimizationSchema>;
