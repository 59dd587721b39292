// A reporter for every supported vitest: one JSON line a run, with all that may not depend on the plugin.
import { appendFileSync } from 'node:fs';
import path from 'node:path';

export default class ResultReporter {
  onInit(vitest) {
    this.vitest = vitest;
  }

  onTestRunEnd(modules, errors, reason) {
    const { root } = this.vitest.config;
    const clean = (text) => text.replaceAll(root, '<root>');
    const messages = (found) => (found ?? []).map(({ name, message }) => `${name}: ${clean(message)}`);
    const run = {
      reason,
      errors: messages(errors),
      setupFiles: this.vitest.projects.map((project) => [project.name, project.config.setupFiles.length]),
      reporters: this.vitest.config.reporters.length,
      files: modules.map((module) => ({
        project: module.project.name,
        file: path.relative(root, module.moduleId).replaceAll('\\', '/'),
        state: module.state(),
        errors: messages(module.errors()),
        suites: [...module.children.allSuites()].map((suite) => ({
          name: suite.fullName,
          state: suite.state(),
          errors: messages(suite.errors()),
        })),
        tests: [...module.children.allTests()].map(resultOf),
      })),
    };
    appendFileSync(process.env.MATRIX_RESULTS, `${JSON.stringify(run)}\n`);
    if (process.env.MATRIX_TELL) console.error('@run');

    function resultOf(test) {
      const { constitution, ...meta } = test.meta();
      const { state, note, errors: found } = test.result();
      const { retryCount, repeatCount } = test.diagnostic() ?? {};
      const errors = (found ?? []).map((error) => ({
        name: error.name,
        message: clean(error.message),
        place: error.stacks?.[0]
          ? `${path.basename(error.stacks[0].file)}:${error.stacks[0].line}`
          : undefined,
      }));
      const { mode } = test.options;
      const location = test.location && `${path.basename(test.module.moduleId)}:${test.location.line}`;
      const ended = { name: test.fullName, state, mode, note, retryCount, repeatCount, errors, meta };
      return { ...ended, location, constitution };
    }
  }
}
