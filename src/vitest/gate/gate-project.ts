import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../config/package-root.ts';

const REPOSITORY = packageRoot();

/**
 * A copy of this repository's gate for a test that breaks something in it: its settings, pipelines, articles,
 * recordings and the named bugs, with the same Python environments.
 *
 * @param bugs As `<role>/<id>`.
 */
export async function copyGateProject(
  bugs: readonly string[],
): Promise<{ root: string; remove(): Promise<void> }> {
  const parent = path.join(REPOSITORY, '.constitution', 'test-projects');
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(path.join(parent, 'gate-'));
  const copy = (name: string) =>
    cp(path.join(REPOSITORY, name), path.join(root, name), {
      recursive: true,
      // Linters, and what documentation names, belong to the repository, which is not there.
      filter: (source) => !/__pycache__|8-lint\.yaml$|README\.md$/.test(source),
    });
  for (const name of ['gate.yaml', 'constitution', 'environments', 'fixtures', 'eval/rate-card.json'])
    await copy(name);
  for (const bug of bugs) {
    await copy(`seeded-bugs/${bug}`);
    await copy(`eval/recordings/${bug}`);
  }
  await mkdir(path.join(root, '.constitution'));
  for (const shared of ['envs', 'cache']) {
    await symlink(path.join(REPOSITORY, '.constitution', shared), path.join(root, '.constitution', shared));
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
