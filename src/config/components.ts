import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Component, ComponentRow } from '../core/component.ts';
import { loadYaml } from './load-yaml.ts';
import { count } from './report-parts.ts';

/** Where the components of a system are named, relative to the root. */
export const COMPONENTS_FILE = 'fixtures/components.yaml';

/** `fixtures/components.yaml`. */
export const componentsSchema = z.strictObject({
  components: z.record(
    z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'not of the form model-switcher' }),
    z.strictObject({
      entry: z
        .string()
        .regex(/^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/, { error: 'not of the form package.module:Name' })
        .describe('Class of its probe, as package.module:Name with fixtures/ as root.'),
      tier: z.int().min(1).max(3).describe('1: that it regressed fails the verdict; 2 and 3: it is told.'),
      assertions: z.boolean().default(false).describe('Its probe has to see native assertions at work.'),
    }),
  ),
});

const mark = z.enum(['ok', 'failed', 'n/a']);
const figure = z.number().min(0).nullable();
const assertions = z
  .strictObject({ attempts: count, violations: count })
  .nullable()
  .describe('What native assertions did; null: it has none.');
const side = z
  .strictObject({
    error: z.string().nullable().describe('Of the step that failed: import, set-up or run.'),
    calls: figure,
    tokens: figure,
    modelledLmMs: figure.describe('By the rate card.'),
    cpuMs: figure.describe('Median of a run; told, not judged.'),
    assertions,
  })
  .meta({ id: 'ComponentSide' });

/** The rows of components as a report carries them. */
export const componentRows = z.array(
  z.strictObject({
    name: z.string(),
    tier: z.int().min(1),
    checks: z
      .strictObject({
        imports: mark,
        initialises: mark,
        output: mark,
        tokens: mark,
        latency: mark,
        assertions: mark,
      })
      .describe('Of the candidate; n/a: nothing can be said, or nothing is asked.'),
    holds: z.boolean(),
    baseline: side,
    candidate: side,
    series: z
      .array(z.strictObject({ name: z.string(), unit: z.string(), points: z.array(z.number()) }))
      .describe('Figures that the candidate recorded.'),
  }),
) satisfies z.ZodType<readonly ComponentRow[]>;

/**
 * The components that a project names; none where it has no such file.
 *
 * @throws ConstitutionError CX-CONFIG-* where the file cannot be read.
 */
export async function loadComponents(root: string): Promise<readonly Component[]> {
  const file = path.join(root, COMPONENTS_FILE);
  if (!existsSync(file)) return [];
  const { components } = await loadYaml(file, componentsSchema, { root });
  return Object.entries(components).map(([name, component]) => ({ name, ...component }));
}
