export default class OwnReporter {
  onTestCaseResult(test: any) {
    console.log(`own: ${test.fullName}: ${test.result().state}`);
  }

  onTestRunEnd(modules: readonly unknown[], _errors: unknown, reason: string) {
    console.log(`own: ${modules.length} files, ${reason}`);
  }
}
