import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { loadSchemaDifferences } from '../config/schema-differences.ts';
import { unlistedDifferences } from '../core/schema-diff.ts';
import { renderSchemaDiff } from '../report/schema-diff.ts';
import { compareSignatures, type SchemaComparison } from './compare-schemas.ts';

const root = packageRoot();
const LISTED = 'fixtures/reference_system/schema-differences.yaml';
const versions = { root, from: '2.6.27', to: '3.0.1', signal: new AbortController().signal };

let comparison: SchemaComparison;
beforeAll(async () => {
  const modules = ['reference', 'reference_system'];
  comparison = await compareSignatures({ ...versions, modules, folders: ['fixtures', 'python'] });
});

describe('the signatures of the fixtures in DSPy 2.6.27 and 3.0.1', () => {
  test('differ in what is listed, and in nothing else', async () => {
    const listed = await loadSchemaDifferences(root, LISTED);
    expect(unlistedDifferences(comparison.differences, listed)).toEqual({ unlisted: [], vanished: [] });
    expect(comparison.differing).toBe(listed.flatMap(({ where }) => Object.values(where).flat()).length);
  });

  test('are read from pipelines and system alike', () => {
    expect(comparison.signatures).toEqual(
      expect.arrayContaining([
        'reference.coder.signatures.RepairFunction',
        'reference.planner.signatures.OrderTasks',
        'reference_system.signatures.PlanWork',
      ]),
    );
    expect(comparison.compared).toBeGreaterThanOrEqual(100 * comparison.signatures.length);
  });

  test('have the same fields, types, descriptions and instructions', () => {
    const aspects = new Set(comparison.differences.map(({ aspect }) => aspect));
    expect([...aspects].sort()).toEqual(['outcome', 'prompt', 'requests']);
  });

  test('and the page shows every difference with its lines', () => {
    const page = renderSchemaDiff({ ...comparison, vanished: [] });
    expect(page).toContain('## prompt, 13 signatures');
    expect(page).toContain('+ raises ValueError < Exception');
    expect(page).toContain('`reference_system.signatures.PlanWork`');
  });
});

test('modules that cannot be imported are one error that says why', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'schemas-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'team_signatures.py'), 'import not_installed_here\n');
  const failing = compareSignatures({ ...versions, modules: ['team_signatures'], folders: [folder] });
  await expect(failing).rejects.toMatchObject({ code: 'CX-MIGRATION-SCHEMAS' });
  await expect(failing).rejects.toThrow(/team_signatures/);
});
