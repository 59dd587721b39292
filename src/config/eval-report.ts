import { z } from 'zod';
import { EVAL_REPORT_VERSION, type EvalReport } from '../core/eval-report.ts';
import { ablationReportSchema } from './ablations.ts';
import { componentRows } from './components.ts';
import { budget, improvement, role } from './judged-parts.ts';
import {
  arm,
  count,
  counts,
  falseVerdicts,
  interval,
  lm,
  mode,
  reason,
  severity,
  sha256,
  unit,
} from './report-parts.ts';
import { selfCheckReportSchema } from './self-check.ts';

const keys = z.array(z.string()).describe('Bugs as `role/bug`.');

const finding = z.strictObject({
  code: z.string(),
  values: z.record(z.string(), z.json()),
  article: z.string(),
  check: z.string(),
  severity,
  test: z
    .strictObject({ name: z.string(), file: z.string(), project: z.string() })
    .nullable()
    .describe('null: it concerns the suite as a whole.'),
  place: z.strictObject({ file: z.string(), line: z.int().min(1) }).nullable(),
});

const run = z
  .strictObject({
    id: z.string(),
    repeat: count,
    status: z.enum(['ok', 'error']),
    errorCode: z.string().nullable(),
    outcome: unit.nullable().describe('0 for an errored run; null for a run nobody scored.'),
    usage: z.strictObject({
      calls: count,
      inputTokens: count,
      outputTokens: count,
      estimated: z.boolean(),
    }),
    latency: z.strictObject({
      modelledLmMs: z.number().min(0).nullable(),
      recordedLmMs: z.number().min(0),
      cpuMs: z.number().min(0),
      wallMs: z.number().min(0),
    }),
    violations: counts,
    outputHash: z.string(),
    recording: z.string().nullable(),
  })
  .meta({ id: 'CaseRun' });

/** `eval/eval_report.json`. */
export const evalReportSchema = z.strictObject({
  schemaVersion: z.literal(EVAL_REPORT_VERSION),
  createdAt: z.iso.datetime(),
  mode,
  verdict: z.strictObject({
    status: z.enum(['pass', 'fail', 'inconclusive', 'error']),
    reasons: z.array(reason),
    exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  }),
  environments: z.array(
    z.strictObject({
      name: z.string(),
      arm: arm.nullable(),
      dspy: z.string(),
      python: z.string(),
      lockSha256: sha256.nullable(),
    }),
  ),
  lm,
  improvement: improvement.extend({
    split: z.string(),
    changes: z.strictObject({ won: keys, lost: keys, kept: keys, flaky: keys }),
    incomplete: keys,
  }),
  roles: z.record(z.string(), role),
  budgets: z.array(budget),
  constitution: z.strictObject({
    articles: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        severity,
        governed: count,
        findings: count,
        waived: count,
        unattributed: count.describe('Not judged, because other tests ran at the same time.'),
      }),
    ),
    findings: z.array(finding),
    waived: z.array(
      finding.extend({
        waiver: z.strictObject({ test: z.string(), reason: z.string(), until: z.string() }),
      }),
    ),
  }),
  overhead: z.strictObject({
    selfMs: z.number().min(0).nullable(),
    tests: count,
    byHook: z
      .strictObject({ beforeMs: z.number().min(0), afterMs: z.number().min(0) })
      .nullable()
      .describe('`selfMs` before and after the tests.'),
    ratio: z.number().nullable(),
    interval: interval.nullable().describe('95% interval of `ratio`.'),
    basis: z.enum(['cpu', 'wall']).nullable().describe('What the paired run compared.'),
    measuredAt: z.iso.datetime().nullable(),
  }),
  tests: z.strictObject({ passed: count, failed: count, skipped: count }),
  falseVerdicts: falseVerdicts
    .nullable()
    .describe('How often the policy is wrong over such bugs where nothing has changed, by simulation.'),
  selfCheck: selfCheckReportSchema.nullable().describe('The latest A/A run.'),
  ablations: ablationReportSchema.nullable().describe('The latest ablation table.'),
  components: componentRows
    .nullable()
    .default(null)
    .describe('Parts around the pipelines in both versions, by fixtures/components.yaml.'),
  resumedRuns: count.describe('Runs that an interrupted gate had made before.'),
  cases: z.array(
    z.strictObject({
      role: z.string(),
      bug: z.string(),
      split: z.string(),
      judged: z.boolean(),
      change: z
        .enum(['won', 'lost', 'kept'])
        .nullable()
        .describe('By mean outcome; null where an arm has no scored run.'),
      flaky: z.boolean().describe('Mixed repeats in either arm.'),
      parting: z
        .strictObject({
          repeat: count.describe('The first repeat whose outcomes differ.'),
          diff: z.string().describe('Its outputs, lines led by - (baseline), + (candidate) or a blank.'),
        })
        .nullable()
        .describe('For a bug that was won or lost.'),
      outputs: z
        .record(z.string(), z.strictObject({ output: z.json(), detail: z.string() }))
        .describe('By outputHash of the runs that ended without an error.'),
      baseline: z.array(run),
      candidate: z.array(run),
    }),
  ),
  errors: z.strictObject({
    runs: z.array(
      z.strictObject({
        run: z.string(),
        role: z.string(),
        bug: z.string(),
        arm,
        code: z.string(),
        message: z.string(),
        ofPipeline: z.boolean(),
      }),
    ),
    infrastructure: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  }),
}) satisfies z.ZodType<EvalReport>;
