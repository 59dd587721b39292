import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashSources } from '../../config/baseline.ts';
import { loadSeededBugs } from '../../config/bugs.ts';
import type { GateConfig } from '../../config/gate.ts';
import { loadYaml } from '../../config/load-yaml.ts';
import { type Optimization, optimizationSchema } from '../../config/optimization.ts';
import { OPTIMIZED_FOLDER, PROGRAM_FILE } from '../../config/optimizations.ts';
import { loadCatalogue } from '../../config/reflection-catalogue.ts';
import { ConstitutionError } from '../../core/errors.ts';
import { hashJson, type Json, sha256 } from '../../core/json.ts';
import type { OptimizerName } from '../../core/optimizers.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { BugRole, SeededBug, Split } from '../../core/seeded-bug.ts';
import { importedModules } from './imported-modules.ts';

/** What an optimization is made from, beside files and the settings of the gate. */
export interface OptimizationBasis {
  readonly pipeline: Pipeline;
  readonly environment: string;
  /** `package.module:function`. */
  readonly judge: string;
  readonly optimizer: OptimizerName;
  /** What writes instructions, by name or by hash; null where nothing does. */
  readonly reflection: string | null;
  readonly seed: number;
  readonly minibatch: number;
  readonly bugs: readonly Pick<SeededBug, 'sha256'>[];
}

/**
 * Hash of all that the result of an optimization depends on but its budget: pipeline, judge and the Python that they are made
 * of, bugs, lock, model and settings.
 */
export async function optimizationSources(
  root: string,
  { callAllowance, lm }: Pick<GateConfig, 'callAllowance' | 'lm'>,
  basis: OptimizationBasis,
): Promise<string> {
  const { pipeline, environment, judge, optimizer, reflection, seed, minibatch, bugs } = basis;
  const settings = {
    pipeline: { entry: pipeline.entry, params: pipeline.params, inputs: [...pipeline.inputs] },
    callAllowance,
    judge,
    environment,
    lm: { model: lm.model, parameters: lm.parameters },
    optimizer,
    reflection,
    seed,
    minibatch,
    bugs: bugs.map((bug) => bug.sha256),
  } satisfies Json;
  const fixtures = path.join(root, 'fixtures');
  const modules = await importedModules(
    fixtures,
    [pipeline.entry, judge].map((entry) => entry.split(':')[0] as string),
  );
  const lockSha256 = sha256(await readFile(path.join(root, 'environments', `${environment}.lock`)));
  const [ours, judges] = await Promise.all([
    hashSources(root, { settings, lockSha256, files: modules.map((file) => `fixtures/${file}`) }),
    // Judges are no sources of a pipeline; here they are.
    hashSources(path.join(fixtures, 'optimizing'), { settings: {}, lockSha256: '', files: ['**/*.py'] }),
  ]);
  return hashJson([ours, judges]);
}

/** What writes the instructions of an optimization, for {@link OptimizationBasis}: the catalogue's hash, or a model. */
export async function reflectionOf(
  root: string,
  { role, reflector, models }: Pick<Optimization, 'role' | 'reflector' | 'models'>,
): Promise<string | null> {
  if (reflector !== 'catalogue') return models.reflection;
  return hashJson([...(await loadCatalogue(root, role))]);
}

/** The bugs of a split, in their order: all, or the first of them. */
export function bugsOfSplit(bugs: readonly SeededBug[], split: Split, most: number | null): SeededBug[] {
  return bugs.filter((bug) => bug.split === split).slice(0, most ?? undefined);
}

/**
 * Refuses pipelines that load an optimized program (their parameter `program` names a folder of `eval/optimized/`) where it is
 * older than the pipeline, judge, split or lock that it was made from, or is not there.
 *
 * @throws ConstitutionError CX-OPTIMIZE-STALE, CX-CONFIG-* where a file cannot be read.
 */
export async function refuseStalePrograms(
  root: string,
  gate: GateConfig,
  used: readonly string[],
  pipelines: ReadonlyMap<string, Pipeline>,
): Promise<void> {
  for (const name of new Set(used)) {
    const pipeline = pipelines.get(name);
    const program = programOf(pipeline);
    if (program !== null)
      await refuseStale(root, gate, { name, role: pipeline?.role ?? '', program }, pipelines);
  }
}

/** The folder of `eval/optimized/` whose program a pipeline loads; null where it loads none. */
export function programOf(pipeline: Pick<Pipeline, 'params'> | undefined): string | null {
  const program = pipeline?.params['program'];
  return typeof program === 'string' ? program : null;
}

async function refuseStale(
  root: string,
  gate: GateConfig,
  { name, role, program }: { readonly name: string; readonly role: string; readonly program: string },
  pipelines: ReadonlyMap<string, Pipeline>,
): Promise<void> {
  const folder = `${OPTIMIZED_FOLDER}/${program}`;
  const refuse = (message: string, renew: string): never => {
    throw new ConstitutionError('CX-OPTIMIZE-STALE', `the pipeline ${name} cannot be run: ${message}`, {
      place: { file: `${folder}/optimization.json` },
      hint: `Renew it with \`npm run constitution -- ${renew}\`.`,
    });
  };
  const made: Optimization = await loadYaml(
    path.join(root, folder, 'optimization.json'),
    optimizationSchema,
    {
      root,
    },
  ).catch((error: unknown) => {
    if (!(error instanceof ConstitutionError) || error.code !== 'CX-CONFIG-MISSING') throw error;
    const [, optimizer] = program.split('/');
    return refuse(NONE_YET, `optimize ${role}${optimizer === undefined ? '' : ` --optimizer ${optimizer}`}`);
  });
  const renew = renewalOf(made);
  const broken = await unpaired(path.join(root, folder, PROGRAM_FILE), made);
  if (broken !== null) return refuse(broken, renew);
  const base = pipelines.get(made.pipeline);
  if (base === undefined) return refuse(`its program was made of ${made.pipeline}, which is gone`, renew);
  const bugs = await loadSeededBugs(root, { role: made.role as BugRole });
  const sources = await optimizationSources(root, gate, {
    pipeline: base,
    environment: made.environment,
    judge: made.asked.judge,
    optimizer: made.optimizer,
    reflection: await reflectionOf(root, made),
    seed: made.seed,
    minibatch: made.asked.minibatch,
    bugs: [
      ...bugsOfSplit(bugs, 'train', made.asked.train),
      ...bugsOfSplit(bugs, 'validation', made.asked.validation),
    ],
  });
  if (sources !== made.sourcesSha256) {
    refuse('its program is older than the pipeline, judge, split or lock it was made from', renew);
  }
}

const NONE_YET = 'there is no optimized program yet';

/** Why a program is not the one that an optimization has left: its hashes would vouch for another one. Null where it is. */
async function unpaired(
  file: string,
  { result, status, programSha256 }: Optimization,
): Promise<string | null> {
  if (result === null || programSha256 === null)
    return `its last optimization (${status}) has left no program, and one that is there is older`;
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return NONE_YET;
  // Results of before this was written down do not say it.
  if (programSha256 === undefined || hashJson(parsed(text)) === programSha256) return null;
  return 'its program is not the one that its optimization has left';
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** The command that makes an optimization again: what was recorded answers what is asked the same. */
export function renewalOf({ role, optimizer, reflector, budget, models, seed, asked }: Optimization): string {
  const reflecting = models.reflection === models.task ? null : models.reflection;
  const parts = [
    `optimize ${role} --optimizer ${optimizer}`,
    ...(reflector === null ? [] : [`--reflector ${reflector}`]),
    ...(reflecting === null ? [] : [`--reflection-model ${reflecting}`]),
    ...(budget === null ? [] : [`--budget ${budget}`]),
    ...(asked.train === null ? [] : [`--train ${asked.train}`]),
    ...(asked.validation === null ? [] : [`--validation ${asked.validation}`]),
    ...(asked.judge === `optimizing.${role}:judge` ? [] : [`--judge ${asked.judge}`]),
    `--minibatch ${asked.minibatch} --seed ${seed} --lm=auto`,
  ];
  return parts.join(' ');
}
