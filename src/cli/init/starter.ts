/** What a suite does, as far as the text of its test files shows. */
export interface SuiteTraits {
  readonly asserts: boolean;
  readonly writesFiles: boolean;
  readonly usesNetwork: boolean;
  readonly changesEnvironment: boolean;
  readonly opensHandles: boolean;
  readonly hasDocs: boolean;
  readonly hasPipelines: boolean;
}

/** Looks for the traits in the texts of test files. */
export function traitsOf(
  sources: readonly string[],
  project: Pick<SuiteTraits, 'hasDocs' | 'hasPipelines'>,
): SuiteTraits {
  const some = (pattern: RegExp) => sources.some((source) => pattern.test(source));
  return {
    asserts: some(/\bexpect\s*[(.]|\bassert\b/),
    writesFiles: some(/['"](?:node:)?fs(?:\/promises)?['"]/),
    usesNetwork: some(
      /\bfetch\s*\(|['"](?:node:)?(?:https?|net|http2)['"]|['"](?:undici|axios|supertest|msw)/,
    ),
    changesEnvironment: some(/\bprocess\.env\b|\bstubEnv\b/),
    opensHandles: some(/\b(?:createServer|listen|setInterval|setTimeout|spawn|watch)\s*\(/),
    ...project,
  };
}

const HEAD =
  '# yaml-language-server: $schema=../node_modules/vitest-constitution/schemas/article.schema.json\n';

/** A starter constitution: file names and texts. Every article warns first; `severity: block` makes it the test's failure. */
export function starterArticles(traits: SuiteTraits): Record<string, string> {
  const tests = [
    ...(traits.asserts ? ['must-assert'] : []),
    'no-focused',
    'no-unexplained-skip',
    'retries-explained',
  ];
  const surroundings = [
    ...(traits.changesEnvironment ? ['no-env-leak'] : []),
    ...(traits.opensHandles ? ['no-open-handles'] : []),
    ...(traits.usesNetwork ? ['no-real-network'] : []),
    ...(traits.writesFiles ? ['no-writes-outside', 'protected-files-untouched'] : []),
    'no-global-leak',
  ];
  const pipelines = [
    'budget-respected',
    'workflow-chain',
    'trace-captured',
    'output-parses',
    'recovers-from-faults',
  ];
  return {
    '1-tests.yaml': article(
      'I',
      'Tests test something',
      'A test that asserts nothing, or does not run, is green whatever the code does.',
      tests,
    ),
    '2-surroundings.yaml': article(
      'II',
      'Tests leave no traces',
      'What a test leaves behind, the next one finds there.',
      surroundings,
    ),
    '3-budgets.yaml': `${head('III', 'Tests are quick', 'A slow test is soon not run any more.')}checks:\n  - uses: max-duration\n    with: { ms: 5000, coldStartMs: 2000 }\n`,
    ...(traits.hasDocs
      ? {
          '4-documentation.yaml': article(
            'IV',
            'Documentation leads somewhere',
            'A link that leads nowhere is worse than none.',
            ['docs-coherent'],
          ),
        }
      : {}),
    ...(traits.hasPipelines
      ? {
          '5-pipelines.yaml': article(
            'V',
            'Pipelines keep the rules',
            'A change of a pipeline must not break what others rely on.',
            pipelines,
          ),
        }
      : {}),
  };
}

function head(id: string, title: string, why: string): string {
  return `${HEAD}id: ${id}\ntitle: ${title}\nwhy: ${why}\nseverity: warn   # block: a broken article fails its test\n`;
}

function article(id: string, title: string, why: string, checks: readonly string[]): string {
  return `${head(id, title, why)}checks:\n${checks.map((name) => `  - uses: ${name}\n`).join('')}`;
}
