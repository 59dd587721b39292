import path from 'node:path';
import { z } from 'zod';
import type { Article, CheckDeclaration, OptionSpec, OptionSpecs } from '../core/article.ts';
import { ConstitutionError } from '../core/errors.ts';
import { splitGlobs } from '../core/globs.ts';
import type { JsonObject } from '../core/json.ts';
import { isEndless } from '../io/endless-pattern.ts';
import { filesIn } from '../io/files-in.ts';
import { loadYaml, placeInYaml } from './load-yaml.ts';

/** What is wrong with the expression of a predicate: 0-based offset in its text. */
export interface PredicateFault {
  readonly message: string;
  readonly offset: number;
}

/** What articles can be made of. */
export interface ArticleVocabulary {
  readonly checks: Readonly<Record<string, CheckDeclaration>>;
  /** Type-checks the expression of a predicate; null where it is right. */
  readonly checkPredicate: (expect: string) => PredicateFault | null;
  /** For the published JSON Schema, which cannot know the checks of a project: accepts any `project/<name>`. */
  readonly anyProjectCheck?: true;
}

/** The largest number of articles, so that a broken generator of them is noticed. */
const MAX_ARTICLES = 1000;

/** Signs of a glob: of far longer ones no regular expression is made. */
const MAX_GLOB = 4096;

/** The schema of an article file, for the given checks by name. */
export function articleSchema({ checks, checkPredicate, anyProjectCheck }: ArticleVocabulary) {
  const uses = Object.entries(checks).map(([name, check]) =>
    z.strictObject({
      uses: z.literal(name).describe(check.description),
      with: optionsSchema(check.options),
    }),
  );
  // What the loader refuses an editor refuses too, as far as JSON Schema can say it.
  const text = z.string().trim().min(1).meta({ pattern: '\\S' });
  const strings = z.array(text).default([]);
  const predicate = z.strictObject({
    expect: z
      .string()
      .min(1)
      .max(2000)
      .check((context) => {
        const fault = checkPredicate(context.value);
        if (fault === null) return;
        context.issues.push({
          code: 'custom',
          message: fault.message,
          input: context.value,
          params: {
            offset: fault.offset,
            hint: 'A predicate is CEL over `test`, `run`, `runs`, `baseline` and `budget`; see docs/articles.md.',
          },
        });
      })
      // After the check: the place of a fault is an offset in what is written.
      .trim()
      .describe('A CEL expression that is true where the rule is kept.'),
    message: text.describe('What a person reads where it is not.'),
  });
  const ofProject = anyProjectCheck
    ? [
        z.strictObject({
          uses: z.string().regex(/^project\//),
          with: z.record(z.string(), z.json()).optional(),
        }),
      ]
    : [];
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
        files: globList(text)
          .default([])
          .describe('Globs against the test file, relative to the root; one with "!" before it takes away.'),
        projects: strings.describe('Names of vitest projects.'),
        tags: strings.describe('Tags of tests (vitest 4.1 and later); one of them is enough.'),
        names: z
          .array(regularExpression())
          .default([])
          .describe('Regular expressions against the full test name.'),
        roles: strings.describe('Roles of pipeline runs.'),
      })
      .default({ files: [], projects: [], tags: [], names: [], roles: [] }),
    checks: z
      .array(z.union([z.discriminatedUnion('uses', uses as never), predicate, ...ofProject]))
      .min(1)
      .describe('All of them must hold.'),
    waivers: z
      .array(
        z.strictObject({
          test: text.describe(
            '`<file> > <full name>`, the full name, or `<file>` for its findings without a test; * is any text.',
          ),
          reason: text.describe('Why the article may be broken here.'),
          until: z.iso.date().describe('The last day of the waiver, YYYY-MM-DD.'),
        }),
      )
      .default([])
      .describe('Tests whose findings are set aside for a while.'),
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
  vocabulary: ArticleVocabulary,
  options: { readonly root: string },
): Promise<Article[]> {
  const schema = articleSchema(vocabulary);
  const files = (await filesIn(folder, /\.ya?ml$/)).map((name) => path.join(folder, name));
  if (files.length > MAX_ARTICLES) {
    throw new ConstitutionError(
      'CX-CONFIG-INVALID',
      `there are ${files.length} articles, allowed are ${MAX_ARTICLES}`,
      { place: { file: relativeTo(options.root, folder) } },
    );
  }
  const articles: Article[] = [];
  for (const file of files) {
    const source = relativeTo(options.root, file);
    const parsed = (await loadYaml(file, schema, options)) as Omit<Article, 'source'>;
    const twin = articles.find((article) => article.id === parsed.id);
    if (twin) {
      const { place, excerpt } = await placeInYaml(file, ['id'], options);
      throw new ConstitutionError(
        'CX-CONFIG-INVALID',
        `the id "${parsed.id}" is used by ${twin.source} too`,
        { place, details: { excerpt }, hint: 'Give this article an id of its own.' },
      );
    }
    articles.push({ ...parsed, source });
  }
  return articles;
}

function relativeTo(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
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
      return numberSchema(spec);
    case 'boolean':
      return z.boolean();
    case 'string':
      return spec.values ? z.enum(spec.values) : z.string();
    case 'strings':
      return z.array(spec.values ? z.enum(spec.values) : z.string());
    case 'globs':
      return globList(z.string().min(1));
    case 'pattern':
      return regularExpression();
    case 'patterns':
      return z.array(regularExpression());
  }
}

/** Globs of which at least one chooses something: of only negative ones it would be a guess what is meant. */
function globList(glob: z.ZodString) {
  return z
    .array(glob.max(MAX_GLOB))
    .refine((list) => list.length === 0 || splitGlobs(list).positive.length > 0, {
      error: 'each of the globs takes away ("!…"), and none chooses anything',
      params: { hint: 'Put what is meant before them, e.g. "**".' },
    });
}

/** Without a bound where there is none: JSON Schema cannot write infinity. */
function numberSchema({ min, max }: { readonly min?: number; readonly max?: number }): z.ZodNumber {
  let schema = z.number();
  if (min !== undefined) schema = schema.min(min);
  if (max !== undefined) schema = schema.max(max);
  return schema;
}

function regularExpression() {
  return z
    .string()
    .check((context) => {
      const refuse = (message: string, hint: string) => {
        context.issues.push({ code: 'custom', message, input: context.value, params: { hint } });
      };
      try {
        if (isEndless(new RegExp(context.value, 'u')))
          refuse(
            'a regular expression that some texts hang',
            'Of a repetition inside of a repetition, take one out.',
          );
      } catch (error) {
        // JavaScript says `Invalid regular expression: /(/u: Unterminated group`.
        const why = (error as Error).message.split(': ').at(-1);
        refuse('not a regular expression', `JavaScript says: ${why}.`);
      }
    })
    .meta({ format: 'regex' });
}
