// A process of its own that syncs: tests bundle it, start it and kill it. Prints each progress as a line of JSON.
import { syncEnvironments } from '../sync.ts';

const [root, declarations] = process.argv.slice(2) as [string, string];
await syncEnvironments(root, JSON.parse(declarations), {
  onProgress: (progress) => console.log(JSON.stringify(progress)),
});
