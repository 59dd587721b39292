import path from 'node:path';
import { z } from 'zod';
import type { ProbeName } from '../checks/observations.ts';
import { PROBES } from '../checks/probe-registry.ts';
import type { ProjectCheck } from '../checks/project-check.ts';
import type { CheckDeclaration } from '../core/article.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { FindingTemplate } from '../core/finding-template.ts';
import { messageOf } from '../core/message-of.ts';
import { filesIn } from '../io/files-in.ts';
import { within } from '../io/within.ts';
import { PROJECT_IMPORT_MS } from './resolve-file.ts';

/** What loads the modules of a project: vitest, or a server of vite's alone. */
export interface ProjectHost {
  readonly config: { readonly root: string };
  readonly vite: {
    ssrLoadModule(module: string): Promise<Record<string, unknown>>;
    readonly config?: { readonly cacheDir: string };
  };
}

/** The checks of a project: what the configuration needs to know of them, and where a worker finds them. */
export interface ProjectChecks {
  /** By the name that articles use: `project/<file name>`. */
  readonly declarations: Readonly<Record<string, CheckDeclaration>>;
  /** Absolute paths by the same name. */
  readonly modules: Readonly<Record<string, string>>;
  /** What they ask to be watched, by the same name. */
  readonly probes: Readonly<Record<string, readonly ProbeName[]>>;
  /** Sentences by code. */
  readonly templates: Readonly<Record<string, FindingTemplate>>;
}

const text = z.string().trim().min(1);
const description = { description: text };
const option = z.discriminatedUnion('type', [
  z.strictObject({
    ...description,
    type: z.literal('number'),
    min: z.number().optional(),
    max: z.number().optional(),
    default: z.number().optional(),
  }),
  z.strictObject({ ...description, type: z.literal('boolean'), default: z.boolean().optional() }),
  z.strictObject({
    ...description,
    type: z.literal('string'),
    values: z.array(z.string()).optional(),
    default: z.string().optional(),
  }),
  z.strictObject({ ...description, type: z.literal('pattern'), default: z.string().optional() }),
  z.strictObject({
    ...description,
    type: z.enum(['strings', 'globs', 'patterns']),
    values: z.array(z.string()).optional(),
    default: z.array(z.string()).optional(),
  }),
]);

const checkSchema = z.strictObject({
  description: text,
  options: z.record(z.string(), option).default({}),
  codes: z.record(
    z.string().regex(/^(?!CX-)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$/, {
      error: 'not a code: upper case words joined by "-", not beginning with CX-',
    }),
    z.strictObject({ summary: text, hint: text }),
  ),
  needs: z.enum(['runs', 'schemas', 'values']).optional(),
  probes: z.array(z.enum(Object.keys(PROBES) as [ProbeName, ...ProbeName[]])).optional(),
  copesWithOverlap: z.literal(true).optional(),
  run: z.custom<ProjectCheck['run']>((value) => typeof value === 'function', { error: 'not a function' }),
});

/**
 * Loads every module of a folder: TypeScript as vitest itself would load it.
 *
 * @throws ConstitutionError CX-CONFIG-INVALID for a module that does not export a check as `default`, or does not come to
 *   its end in time.
 */
export async function loadProjectChecks(
  vitest: ProjectHost,
  folder: string,
  importMs = PROJECT_IMPORT_MS,
): Promise<ProjectChecks> {
  const files = (await filesIn(folder, /\.m?[jt]s$/)).filter((name) => !/\.test\.|\.d\.m?ts$/.test(name));
  const declarations: Record<string, CheckDeclaration> = {};
  const modules: Record<string, string> = {};
  const probes: Record<string, readonly ProbeName[]> = {};
  const templates: Record<string, FindingTemplate> = {};
  for (const file of files) {
    const module = path.join(folder, file);
    const name = `project/${file.replace(/\.\w+$/, '')}`;
    const { description, options, codes, probes: asked } = await loadCheck(vitest, module, importMs);
    const twin = Object.keys(codes).find((code) => code in templates);
    if (name in modules || twin !== undefined) {
      const what = twin === undefined ? `the check "${name}"` : `the code "${twin}"`;
      throw new ConstitutionError('CX-CONFIG-INVALID', `${what} exists twice`, {
        place: placeOf(vitest, module),
        hint: 'Each check has a file name and codes of its own.',
      });
    }
    modules[name] = module;
    probes[name] = asked ?? [];
    Object.assign(templates, codes);
    const meanings = Object.entries(codes).map(([code, { summary }]) => [code, summary]);
    declarations[name] = {
      description,
      options: options as CheckDeclaration['options'],
      codes: Object.fromEntries(meanings),
    };
  }
  return { declarations, modules, probes, templates };
}

async function loadCheck(vitest: ProjectHost, module: string, importMs: number) {
  const place = placeOf(vitest, module);
  let loaded: Record<string, unknown>;
  try {
    loaded = await within(importMs, vitest.vite.ssrLoadModule(module));
  } catch (cause) {
    throw new ConstitutionError('CX-CONFIG-INVALID', `the check cannot be loaded: ${messageOf(cause)}`, {
      place,
      cause,
      hint: 'It runs in the main process too, when the configuration is loaded; an `await` in it must come to an end.',
    });
  }
  const parsed = checkSchema.safeParse(loaded['default']);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the default export';
  throw new ConstitutionError('CX-CONFIG-INVALID', `not a check: ${where}: ${issue?.message}`, {
    place,
    hint: 'Export the result of `defineCheck({ description, codes, run })` from "vitest-constitution/check" as default.',
  });
}

function placeOf(vitest: ProjectHost, module: string): { file: string } {
  return { file: path.relative(vitest.config.root, module).split(path.sep).join('/') };
}
