import { loadComponents } from '../../config/components.ts';
import { loadPipelines } from '../../config/pipelines.ts';

/**
 * Globs of what pipelines are made from, relative to the root: all Python in `fixtures/` but the packages that only components
 * are made from, so that a change of these makes no recording stale.
 *
 * @throws ConstitutionError CX-CONFIG-* where `pipelines.yaml` or `components.yaml` cannot be read.
 */
export async function pipelineSources(root: string): Promise<string[]> {
  const [pipelines, components] = await Promise.all([loadPipelines(root), loadComponents(root)]);
  const packageOf = (entry: string) => entry.split(/[.:]/)[0] ?? entry;
  const used = new Set(
    [...pipelines.values()].flatMap(({ entry, scorer }) => [entry, scorer ?? entry]).map(packageOf),
  );
  const others = new Set(components.map(({ entry }) => packageOf(entry)).filter((name) => !used.has(name)));
  return [
    'fixtures/**/*.py',
    ...[...others].map((name) => `!fixtures/${name}/**`),
    'fixtures/pipelines.yaml',
  ];
}
