import type { ProjectCheck } from '../checks/project-check.ts';
import { callWithin } from '../checks/time-limit.ts';
import { ConstitutionError } from '../core/errors.ts';
import type { CheckResult } from '../core/finding.ts';
import { within } from '../io/within.ts';
import type { GoverningCheck } from './govern.ts';
import type { CompiledUse } from './provided.ts';

/** Imports a module of the project by its path, as its tests would. */
export type ImportModule = (module: string) => Promise<unknown>;

/** A project's own check must not hang the run. */
const PROJECT_CHECK_MS = 1_000;

/** How an article uses a check of the project. */
type ProjectUse = Extract<CompiledUse, { readonly uses: string }>;

/**
 * A check of the project, ready to be called; nothing that its module does hangs the run. One that cannot be imported becomes one
 * that throws: its articles tell of it, and no test is lost.
 *
 * @param importMs How long the import may take.
 */
export async function resolveProjectCheck(
  use: ProjectUse,
  module: string,
  importModule: ImportModule,
  importMs: number,
): Promise<GoverningCheck> {
  try {
    return projectCheck(use, await within(importMs, importModule(module)));
  } catch (error) {
    return crashedCheck(use, error);
  }
}

function projectCheck({ uses, compiled: options }: ProjectUse, module: unknown): GoverningCheck {
  const { default: check } = module as { default: ProjectCheck };
  return {
    name: uses,
    needs: check.needs,
    probes: check.probes ?? [],
    copesWithOverlap: check.probes === undefined || check.copesWithOverlap === true,
    repeats: false,
    run: (input) => callWithin(PROJECT_CHECK_MS, () => resultsOf(check.run(input, options), check)),
  };
}

function crashedCheck({ uses }: ProjectUse, cause: unknown): GoverningCheck {
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    name: uses,
    needs: undefined,
    probes: [],
    copesWithOverlap: true,
    repeats: false,
    run: () => {
      throw new ConstitutionError('CX-CONFIG-INVALID', `its module cannot be imported: ${message}`, {
        cause,
      });
    },
  };
}

/** What a project's check returned, if it is what a check may return. */
function resultsOf(results: unknown, { codes }: ProjectCheck): readonly CheckResult[] | null {
  if (results === null) return null;
  if (!Array.isArray(results))
    throw new TypeError('a check returns a list of findings, at once and not as a promise');
  for (const result of results as Partial<CheckResult>[]) {
    if (typeof result?.code !== 'string' || !Object.hasOwn(codes, result.code))
      throw new TypeError(`a finding has a code that the check does not declare: ${String(result?.code)}`);
    const { code, values } = result;
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw new TypeError(`a finding without \`values\`: ${code}`);
  }
  // Nothing else of them: which test and article they belong to is not theirs to say.
  const plain = (results as CheckResult[]).map(({ code, values }) => ({ code, values }));
  return JSON.parse(JSON.stringify(plain)) as CheckResult[];
}
