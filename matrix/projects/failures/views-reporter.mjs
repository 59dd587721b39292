// Prints what two views are made of: VS Code is sent the results of tasks as they come, the HTML report holds the tasks.
export default class ViewsReporter {
  sent = new Map();

  onInit(vitest) {
    this.vitest = vitest;
  }

  onTaskUpdate(packs) {
    for (const [id, result] of packs) if (result?.errors) this.sent.set(id, result.errors);
  }

  onTestRunEnd() {
    const failed = this.vitest.state
      .getFiles()
      .flatMap(testsOf)
      .filter(({ result }) => result?.errors);
    const views = failed.map(({ id, name, result }) => ({
      name,
      sent: this.sent.get(id),
      held: result.errors,
    }));
    console.log(`views: ${JSON.stringify(views)}`);
  }
}

function testsOf(task) {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf);
}
