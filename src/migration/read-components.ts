import path from 'node:path';
import { z } from 'zod';
import { COMPONENTS_FILE, loadComponents } from '../config/components.ts';
import { packageRoot } from '../config/package-root.ts';
import { loadRateCard } from '../config/rate-card.ts';
import {
  type Component,
  type ComponentFacts,
  type ComponentLimits,
  type ComponentRow,
  componentRow,
} from '../core/component.ts';
import type { PythonEnvironment } from '../core/environment.ts';
import { askPython } from './ask-python.ts';
import { environmentOf } from './read-api.ts';

/** Runs of each probe: they have to agree, and their CPU time's median is told. */
const REPEATS = 3;

const error = z.string().nullable();
const factsSchema = z.record(
  z.string(),
  z.object({
    importError: error,
    setUpError: error,
    runError: error,
    observation: z
      .object({
        output: z.json(),
        calls: z.int(),
        input_tokens: z.int(),
        output_tokens: z.int(),
        assertions: z.object({ attempts: z.int(), violations: z.int() }).nullable(),
        series: z.array(z.tuple([z.string(), z.string(), z.array(z.number())])),
      })
      .transform(({ input_tokens, output_tokens, series, ...rest }) => ({
        ...rest,
        inputTokens: input_tokens,
        outputTokens: output_tokens,
        series: series.map(([name, unit, points]) => ({ name, unit, points })),
      }))
      .nullable(),
    cpuMs: z.number().nullable(),
  }),
) satisfies z.ZodType<Record<string, ComponentFacts>>;

export interface ReadComponentsOptions {
  readonly root: string;
  /** Versions, or names of environments. */
  readonly from: string;
  readonly to: string;
  readonly limits: ComponentLimits;
  readonly signal: AbortSignal;
}

/**
 * Has every component of a project do its work in both versions. No language model is asked: probes bring scripts.
 *
 * @returns A row each; null where the project names no components.
 * @throws ConstitutionError CX-CONFIG-*, CX-ENV-*, CX-MIGRATION-COMPONENTS where Python itself ends, CX-RUN-CANCELLED.
 */
export async function readComponents(
  options: ReadComponentsOptions,
): Promise<readonly ComponentRow[] | null> {
  const { root, limits } = options;
  const [components, card] = await Promise.all([loadComponents(root), loadRateCard(root)]);
  if (components.length === 0) return null;
  const sides = [options.from, options.to].map(async (version) =>
    factsOf(await environmentOf(root, version), components, options),
  );
  const [baseline, candidate] = await Promise.all(sides as [Promise<Facts>, Promise<Facts>]);
  return components.map((component) => {
    const facts = { baseline: told(baseline, component), candidate: told(candidate, component) };
    return componentRow(component, facts, { limits, card });
  });
}

type Facts = Readonly<Record<string, ComponentFacts>>;

async function factsOf(
  environment: PythonEnvironment,
  components: readonly Component[],
  { root, signal }: ReadComponentsOptions,
): Promise<Facts> {
  const entries = Object.fromEntries(components.map(({ name, entry }) => [name, entry]));
  const folders = [path.join(root, path.dirname(COMPONENTS_FILE)), path.join(packageRoot(), 'python')];
  const message = `the components cannot be probed in ${environment.name}`;
  const failure = { code: 'CX-MIGRATION-COMPONENTS', message } as const;
  const request = { do: 'components', entries, folders, repeats: REPEATS } as const;
  const text = await askPython(environment, request, { signal, failure });
  return factsSchema.parse(JSON.parse(text));
}

function told(facts: Facts, { name }: Component): ComponentFacts {
  const unknown = {
    importError: 'not probed',
    setUpError: null,
    runError: null,
    observation: null,
    cpuMs: null,
  };
  return facts[name] ?? unknown;
}
