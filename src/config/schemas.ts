import type { z } from 'zod';
import { evalReportSchema } from './eval-report.ts';

/** A file format whose JSON Schema is published as `schemas/<name>.schema.json`. */
export interface PublishedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
  /** `input` (the default) for what people write, `output` for what we write: defaults are then always there. */
  readonly io?: 'input' | 'output';
}

/** Every published file format. `scripts/schemas.mjs` writes them. */
export const PUBLISHED_SCHEMAS: readonly PublishedSchema[] = [
  { name: 'eval-report', schema: evalReportSchema, io: 'output' },
];
