import type { TestFacts } from '../checks/check.ts';
import type { PipelineRun } from '../core/pipeline-run.ts';
import type { FindingText } from '../report/finding.ts';
import { describeFinding } from '../report/finding.ts';
import { readBaseline } from './baseline-file.ts';
import { type Judgement, judge } from './govern.ts';
import { loadConstitution } from './load-constitution.ts';
import type { ProjectHost } from './project-checks.ts';
import { resolveFile } from './resolve-file.ts';

/** What the articles of a project say of runs that no test made. */
export interface RunsJudgement extends Pick<Judgement, 'articles' | 'findings' | 'waived'> {
  describe(finding: Judgement['findings'][number]): FindingText;
}

/**
 * Judges runs that no test made by the articles that speak of runs and are not kept to files or projects of tests.
 *
 * @param subject What waivers and findings name in the place of a test.
 * @throws ConstitutionError for an article or a check that is wrong
 */
export async function judgeRuns(
  root: string,
  runs: readonly PipelineRun[],
  subject: Pick<TestFacts, 'name' | 'file' | 'project'>,
): Promise<RunsJudgement> {
  const modules = new ProjectModules(root);
  try {
    const provided = await loadConstitution(modules, {
      articles: 'constitution',
      baseline: 'eval/baseline.json',
    });
    const { articles } = await resolveFile(provided, subject, (module) => modules.vite.ssrLoadModule(module));
    const ofRuns = articles.map((article) => ({
      ...article,
      checks: article.checks.filter(({ needs }) => needs === 'runs'),
    }));
    const {
      findings,
      waived,
      articles: governing,
    } = judge(ofRuns, {
      root,
      test: { ...subject, ...NO_TEST },
      runs,
      schemas: [],
      baseline: readBaseline(provided.baselineFile),
      values: {},
      earlierValues: [],
      seen: {},
      source: () => null,
    });
    const describe: RunsJudgement['describe'] = (finding) => describeFinding(finding, provided.templates);
    return { articles: governing, findings, waived, describe };
  } finally {
    await modules.close();
  }
}

const NO_TEST: Omit<TestFacts, 'name' | 'file' | 'project'> = {
  state: 'passed',
  durationMs: 0,
  firstOfFile: false,
  retries: 0,
  repeatsLeft: 0,
  assertions: 0,
  overlapped: false,
  concurrent: false,
  expectsFailure: false,
  tags: [],
};

/** A project's own checks may be TypeScript: vite is started for them, and only where there are any. */
class ProjectModules implements ProjectHost {
  readonly config: { readonly root: string };
  readonly vite: ProjectHost['vite'];
  #server:
    | Promise<{ ssrLoadModule: ProjectHost['vite']['ssrLoadModule']; close(): Promise<void> }>
    | undefined;

  constructor(root: string) {
    this.config = { root };
    this.vite = { ssrLoadModule: async (module) => (await this.#started()).ssrLoadModule(module) };
  }

  async close(): Promise<void> {
    await (await this.#server)?.close();
  }

  #started() {
    this.#server ??= import('vitest/node').then(({ createViteServer }) =>
      createViteServer({
        root: this.config.root,
        configFile: false,
        logLevel: 'silent',
        server: { middlewareMode: true, hmr: false, ws: false, watch: null },
        optimizeDeps: { noDiscovery: true },
      }),
    );
    return this.#server;
  }
}
