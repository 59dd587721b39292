import { releasedVersions } from '../../bridge/environments/index.ts';
import { loadEnvironments } from '../../config/environments.ts';
import { type Bisection, bisect, EndsDisagree, type Trial } from '../../core/bisect.ts';
import { brokenExpectations } from '../../core/broken-expectations.ts';
import { type EnvironmentDeclaration, EXACT_VERSION } from '../../core/environment.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { GatewayMode } from '../../core/pipeline-run.ts';
import type { CommandContext } from '../command.ts';
import { FixtureRunner } from './fixture-runner.ts';
import { environmentOf, openScratch, SCRATCH_FOLDER, type Scratch } from './scratch.ts';

export interface BisectOptions {
  readonly good: string;
  readonly bad: string;
  readonly lm: GatewayMode;
  /** Versions to choose from, separated by commas, from good to bad; default: the released ones. */
  readonly versions?: string;
}

/** What one version did. */
interface Tried {
  readonly version: string;
  readonly trial: Trial;
  readonly reason: string;
  /** How its first other request differs from that of the good version; null where that is not the reason. */
  readonly diff: string | null;
}

/** Codes of an environment that cannot be had: the version says nothing, and its neighbour is asked. */
const NO_ENVIRONMENT = /^CX-(ENV|PYTHON|WORKER-START)/;

/** Finds the release that changed what a fixture does, and answers with the exit code. */
export async function bisectFixture(
  context: CommandContext,
  name: string,
  options: BisectOptions,
): Promise<number> {
  const { root, note, signal } = context;
  const good = (await loadEnvironments(root)).find((one) => one.dspy === options.good);
  const scratch = await openScratch(root);
  const runner = await FixtureRunner.open(name, { root, scratch, mode: options.lm, note, signal });
  const tried: Tried[] = [];
  try {
    const versions = await range(options, signal);
    note(`${versions.length} versions, about ${2 + Math.ceil(Math.log2(versions.length))} to try`);
    const found = await bisect(versions, async (version) => {
      const result = await tryVersion(context, { runner, scratch, options, good }, version);
      tried.push({ version, ...result });
      note(`${version}: ${result.trial}${result.reason === '' ? '' : `, ${result.reason}`}`);
      return result.trial;
    });
    print(context, name, found, tried);
    return 0;
  } catch (error) {
    if (!(error instanceof EndsDisagree)) throw error;
    const { reason = '' } = tried.at(-1) ?? {};
    throw new ConstitutionError(
      'CX-USAGE',
      `${error.version} was said to be otherwise, and is ${error.trial}`,
      {
        hint: `${name} in it: ${reason || 'every expectation holds'}. Choose other ends with --good and --bad.`,
      },
    );
  } finally {
    await runner.close();
  }
}

/** The versions between both ends, in the direction from good to bad. */
async function range({ good, bad, versions }: BisectOptions, signal: AbortSignal): Promise<string[]> {
  const named = versions?.split(',').map((version) => version.trim());
  for (const version of [good, bad, ...(named ?? [])]) {
    if (EXACT_VERSION.test(version)) continue;
    throw new ConstitutionError('CX-USAGE', `"${version}" is no exact version`, {
      hint: 'Name it as in 3.0.1.',
    });
  }
  const known = named ?? (await releasedVersions('dspy', { signal }));
  const [from, to] = [known.indexOf(good), known.indexOf(bad)];
  if (from === -1 || to === -1 || from === to) {
    throw new ConstitutionError(
      'CX-USAGE',
      `${from === -1 ? good : bad} is none of the versions between two others`,
      {
        hint: `There are ${known.join(', ')}.`,
      },
    );
  }
  return from < to ? known.slice(from, to + 1) : known.slice(to, from + 1).reverse();
}

/** What every version is tried with. */
interface Trials {
  readonly runner: FixtureRunner;
  readonly scratch: Scratch;
  readonly options: BisectOptions;
  /** The project's own environment of the good version; undefined where it has none. */
  readonly good: EnvironmentDeclaration | undefined;
}

async function tryVersion(
  { note, signal }: CommandContext,
  { runner, scratch, options, good }: Trials,
  version: string,
): Promise<Omit<Tried, 'version'>> {
  try {
    const environment = await environmentOf(scratch, version, {
      signal,
      requirements: good?.requirements ?? [],
      onProgress: ({ message }) => note(`  ${version}: ${message}`),
    });
    if (options.lm === 'replay')
      await runner.lendRecording(good?.name ?? `dspy-${options.good}`, environment);
    const broken = brokenExpectations(await runner.run(environment), runner.fixture.expect);
    return { trial: broken.length === 0 ? 'good' : 'bad', reason: broken.join('; '), diff: null };
  } catch (error) {
    if (!(error instanceof ConstitutionError) || signal.aborted) throw error;
    const reason = error.message.split('\n')[0] as string;
    if (NO_ENVIRONMENT.test(error.code)) return { trial: 'skip', reason, diff: null };
    if (error.code === 'CX-PIPELINE-LOAD') return { trial: 'bad', reason, diff: null };
    // In the good version itself, a request that is not recorded is no change but a stale recording.
    if (error.code !== 'CX-GATEWAY-MISS' || version === options.good) throw error;
    const { excerpt } = error.details;
    return {
      trial: 'bad',
      reason: `it asks the LM otherwise than ${options.good} does`,
      diff: typeof excerpt === 'string' ? excerpt : null,
    };
  }
}

function print(context: CommandContext, fixture: string, found: Bisection, tried: readonly Tried[]): void {
  const { lastGood, firstBad, untried } = found;
  if (context.json) {
    context.out(JSON.stringify({ fixture, ...found, tried }));
    return;
  }
  const { reason, diff } = tried.find(({ version }) => version === firstBad) as Tried;
  context.out(
    [
      untried.length === 0
        ? `${fixture} changes with dspy ${firstBad}; it holds in ${lastGood}.`
        : `${fixture} changes between dspy ${lastGood} and ${firstBad}; ${untried.join(', ')} could not be tried.`,
      `  ${reason}`,
      ...(diff === null ? [] : diff.split('\n').map((line) => `    ${line}`)),
      `  ${tried.length} versions were tried; their environments are kept in ${SCRATCH_FOLDER}.`,
    ].join('\n'),
  );
}
