import type { EnvironmentDeclaration } from '../../core/environment.ts';
import { type EnvironmentStatus, environmentStatus, installedNames } from './locate.ts';
import { DERIVED } from './paths.ts';

/** One environment of a project, declared or merely installed. */
export interface ListedEnvironment {
  readonly name: string;
  /** Declared DSPy version, or the installed one where it is no longer declared. */
  readonly dspy: string | null;
  /** Or derived from one that is. */
  readonly declared: boolean;
  readonly status: EnvironmentStatus;
}

/** Every declared environment and every installed one, by name. */
export async function listEnvironments(
  root: string,
  declarations: readonly EnvironmentDeclaration[],
): Promise<ListedEnvironment[]> {
  const byName = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  const names = new Set([...byName.keys(), ...(await installedNames(root))]);
  const listed: ListedEnvironment[] = [];
  for (const name of [...names].sort()) {
    const declaration = byName.get(name);
    const status = await environmentStatus(root, name);
    const installed = 'stamp' in status ? status.stamp.dspy : null;
    listed.push({
      name,
      dspy: declaration?.dspy ?? installed,
      declared: byName.has(name.split(DERIVED)[0] as string),
      status,
    });
  }
  return listed;
}
