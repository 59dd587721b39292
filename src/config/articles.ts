import path from 'node:path';
import glob from 'fast-glob';
import { z } from 'zod';
import type { Article, OptionSpec, OptionSpecs } from '../core/article.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { loadYaml } from './load-yaml.ts';

/** What the article schema needs to know of a check. */
export interface CheckDeclaration {
  readonly description: string;
  readonly options: OptionSpecs;
}

/** The schema of an article file, for the given checks by name. */
export function articleSchema(checks: Readonly<Record<string, CheckDeclaration>>) {
  const uses = Object.entries(checks).map(([name, check]) =>
    z.strictObject({
      uses: z.literal(name).describe(check.description),
      with: optionsSchema(check.options),
    }),
  );
  const text = z.string().trim().min(1);
  const strings = z.array(text).default([]);
  return z.strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
      .describe('Short and unique, e.g. VI; it never changes.'),
    title: text,
    why: text.describe('What goes wrong without this article.'),
    severity: z
      .enum(['block', 'warn'])
      .default('block')
      .describe('A broken blocking article fails its test.'),
    appliesTo: z
      .strictObject({
        files: strings.describe('Globs against the test file, relative to the root.'),
        projects: strings.describe('Names of vitest projects.'),
        names: z
          .array(regularExpression())
          .default([])
          .describe('Regular expressions against the full test name.'),
        roles: strings.describe('Roles of pipeline runs.'),
      })
      .default({ files: [], projects: [], names: [], roles: [] }),
    checks: z.array(z.discriminatedUnion('uses', uses as never)).min(1),
  });
}

/**
 * Loads every `*.yaml` of a folder, in the order of the file names.
 *
 * @returns the articles; an empty list where the folder does not exist.
 * @throws ConstitutionError for the first file that is wrong, or for an id that is used twice.
 */
export async function loadArticles(
  folder: string,
  checks: Readonly<Record<string, CheckDeclaration>>,
  options: { readonly root: string },
): Promise<Article[]> {
  const schema = articleSchema(checks);
  const files = (await glob('*.{yaml,yml}', { cwd: folder, absolute: true })).sort();
  const articles: Article[] = [];
  for (const file of files) {
    const source = path.relative(options.root, file).split(path.sep).join('/');
    const parsed = (await loadYaml(file, schema, options)) as Omit<Article, 'source'>;
    const twin = articles.find((article) => article.id === parsed.id);
    if (twin) {
      throw new ConstitutionError(
        'CX-CONFIG-INVALID',
        `the id "${parsed.id}" is used by ${twin.source} too`,
        {
          place: { file: source },
          hint: 'Give this article an id of its own.',
        },
      );
    }
    articles.push({ ...parsed, source });
  }
  return articles;
}

function optionsSchema(specs: OptionSpecs) {
  const shape: Record<string, z.ZodType> = {};
  const defaults: JsonObject = {};
  for (const [name, spec] of Object.entries(specs)) {
    shape[name] = optionSchema(spec);
    if (spec.default !== undefined) defaults[name] = spec.default as JsonObject[string];
  }
  return z.strictObject(shape).default(defaults);
}

function optionSchema(spec: OptionSpec): z.ZodType {
  const base = valueSchema(spec).describe(spec.description);
  return spec.default === undefined ? base.optional() : base.default(spec.default);
}

function valueSchema(spec: OptionSpec): z.ZodType {
  switch (spec.type) {
    case 'number':
      return z
        .number()
        .min(spec.min ?? Number.NEGATIVE_INFINITY)
        .max(spec.max ?? Number.POSITIVE_INFINITY);
    case 'boolean':
      return z.boolean();
    case 'string':
      return spec.values ? z.enum(spec.values) : z.string();
    case 'strings':
      return z.array(z.string());
  }
}

function regularExpression() {
  return z.string().refine(
    (source) => {
      try {
        new RegExp(source, 'u');
        return true;
      } catch {
        return false;
      }
    },
    { error: 'not a regular expression' },
  );
}
