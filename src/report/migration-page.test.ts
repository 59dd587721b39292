import { expect, test } from 'vitest';
import type { ApiChange } from '../core/api.ts';
import { type MigrationPage, renderMigrationPage } from './migration-page.ts';

const change = (subject: string, fields: Partial<ApiChange> = {}): ApiChange => ({
  kind: 'removed',
  subject,
  also: [],
  before: null,
  after: null,
  breaking: true,
  ...fields,
});
const hint = (subject: string) => ({
  between: ['1.0', '2.0'] as const,
  subject,
  change: `${subject} went.`,
  advice: 'Leave it | out.',
});

const PAGE: MigrationPage = {
  package: 'lib',
  from: '1.0',
  to: '2.0',
  changes: [change('lib.a'), change('lib.b'), change('lib.c', { kind: 'added', breaking: false })],
  hints: [hint('lib.a'), hint('lib.c')],
  scanned: { paths: ['src'], files: 1 },
  uses: [],
  schemas: null,
  components: [],
  ablations: null,
  selfCheck: null,
};

test('what breaks, with what people know of it', () => {
  const text = renderMigrationPage(PAGE);
  expect(text).toContain('# lib 1.0 → 2.0\n');
  expect(text).toContain('finds 2 changes that may break a program');
  expect(text).toContain('| `lib.a` | lib.a went. | Leave it \\| out. |');
  // What is new breaks nothing, and no part is there that nothing is known of.
  expect(text).not.toContain('`lib.c`');
  expect(text.match(/^## .*/gm)).toEqual(['## Breaking changes', '## Where this project meets them']);
  expect(text).toContain('reads 1 Python file in `src` and finds no use');
});

test('uses, differences, components and figures each have a table', () => {
  const found = { file: 'src/x.py', findings: [{ subject: 'lib.a', change: 'gone', advice: null }] };
  const text = renderMigrationPage({
    ...PAGE,
    uses: [found as unknown as MigrationPage['uses'][number]],
    schemas: [
      {
        aspect: 'prompt',
        diff: '- a\n+ b',
        where: { S: ['chat', 'json'], T: ['chat'] },
        why: 'Worded\n  anew.',
      },
    ],
    components: [{ name: 'switcher', entry: 'a:B', tier: 1, assertions: true }],
  });
  expect(text).toContain('finds 1 use of');
  expect(text).toContain('| `src/x.py` | `lib.a` | gone |  |');
  expect(text).toContain('| prompt | 3 | Worded anew. |');
  expect(text).toContain('| switcher | 1 | yes |');
});

test('a project whose signatures are the same is told so', () => {
  expect(renderMigrationPage({ ...PAGE, schemas: [] })).toContain('are the same in both');
});
