import type { z } from 'zod';
import { ablationsSchema } from './ablations.ts';
import { baselineSchema } from './baseline.ts';
import {
  coderBugSchema,
  coderHiddenTestsSchema,
  plannerBugSchema,
  plannerHiddenTestsSchema,
} from './bug-schemas.ts';
import { componentsSchema } from './components.ts';
import { environmentSchema } from './environments.ts';
import { evalReportSchema } from './eval-report.ts';
import { fixtureSchema } from './fixtures.ts';
import { gateSchema } from './gate.ts';
import { optimizationSchema } from './optimization.ts';
import { optimizerBudgetSchema } from './optimizer-budget-schema.ts';
import { pipelinesSchema } from './pipelines.ts';
import { pytestSuiteSchema } from './pytest-suites.ts';
import { rateCardSchema } from './rate-card.ts';
import { reflectionCatalogueSchema } from './reflection-catalogue.ts';
import { selfCheckSchema } from './self-check.ts';

/** A file format whose JSON Schema is published as `schemas/<name>.schema.json`. */
export interface PublishedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
  /** `input` (the default) for what people write, `output` for what we write: defaults are then always there. */
  readonly io?: 'input' | 'output';
}

/** Every published file format. `scripts/schemas.mjs` writes them. */
export const PUBLISHED_SCHEMAS: readonly PublishedSchema[] = [
  { name: 'ablations', schema: ablationsSchema, io: 'output' },
  { name: 'baseline', schema: baselineSchema, io: 'output' },
  { name: 'coder-bug', schema: coderBugSchema },
  { name: 'coder-hidden-tests', schema: coderHiddenTestsSchema },
  { name: 'components', schema: componentsSchema },
  { name: 'environment', schema: environmentSchema },
  { name: 'eval-report', schema: evalReportSchema, io: 'output' },
  { name: 'fixture', schema: fixtureSchema },
  { name: 'gate', schema: gateSchema },
  { name: 'optimization', schema: optimizationSchema, io: 'output' },
  { name: 'optimizer-budget', schema: optimizerBudgetSchema },
  { name: 'pipelines', schema: pipelinesSchema },
  { name: 'planner-bug', schema: plannerBugSchema },
  { name: 'planner-hidden-tests', schema: plannerHiddenTestsSchema },
  { name: 'pytest-suite', schema: pytestSuiteSchema },
  { name: 'rate-card', schema: rateCardSchema, io: 'output' },
  { name: 'reflection-catalogue', schema: reflectionCatalogueSchema },
  { name: 'self-check', schema: selfCheckSchema, io: 'output' },
];
