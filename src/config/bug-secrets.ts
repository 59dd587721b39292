import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BugSecrets } from '../core/bug-secrets.ts';
import type { Json } from '../core/json.ts';
import type { SeededBug } from '../core/seeded-bug.ts';
import { coderHiddenTestsSchema, planSchema } from './bug-schemas.ts';
import { loadYaml } from './load-yaml.ts';

/** What the prompts of a bug must not hold: its fix, and of a Coder bug its hidden tests. */
export async function secretsOf(root: string, bug: SeededBug): Promise<BugSecrets> {
  const file = (name: string) => path.resolve(root, bug.folder, name);
  const visible = textsOf(bug.visible);
  if (bug.role === 'planner') {
    const { plan } = await loadYaml(file('fixed.yaml'), planSchema, { root });
    const lists = Object.values(bug.visible).flatMap((value) =>
      Array.isArray(value) ? [value.join(', ')] : [],
    );
    return { entry: null, code: null, hiddenCalls: [], plan, visible: [...visible, ...lists] };
  }
  const [buggy, fixed] = await Promise.all(
    ['buggy.py', 'fixed.py'].map((name) => readFile(file(name), 'utf8')),
  );
  const hidden = await loadYaml(file('hidden_tests.yaml'), coderHiddenTestsSchema, { root });
  return {
    entry: String(bug.visible['entry']),
    code: { buggy: buggy ?? '', fixed: fixed ?? '' },
    hiddenCalls: hidden.map(({ call }) => call),
    plan: [],
    visible,
  };
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsOf);
}
