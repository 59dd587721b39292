import type { ProjectCheck } from '../checks/project-check.ts';
import { ConstitutionError } from '../core/errors.ts';
import { messageOf } from '../core/message-of.ts';
import { within } from '../io/within.ts';
import { callProjectCheck } from './call-project-check.ts';
import type { GoverningCheck } from './govern.ts';
import type { CompiledUse } from './provided.ts';

/** Imports a module of the project by its path, as its tests would. */
export type ImportModule = (module: string) => Promise<unknown>;

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
    run: (input) => callProjectCheck(check, input, options),
  };
}

function crashedCheck({ uses }: ProjectUse, cause: unknown): GoverningCheck {
  return {
    name: uses,
    needs: undefined,
    probes: [],
    copesWithOverlap: true,
    repeats: false,
    run: () => {
      throw new ConstitutionError('CX-CONFIG-INVALID', `its module cannot be imported: ${messageOf(cause)}`, {
        cause,
      });
    },
  };
}
