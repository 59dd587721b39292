// Loaded into every process that is measured for `npm run coverage`. Node's own NODE_V8_COVERAGE would not do: it writes
// nothing where a signal ends a process, as vitest ends its workers, and not the code that vitest transformed.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What vitest adds behind the code names the project's folder: without it, the same code is the same text everywhere. */
const OWN_FOLDER = /\n\/\/# vitestCache=.*/;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = process.env['CONSTITUTION_COVERAGE'];
if (folder) record(folder);

function record(folder) {
  const session = new Session();
  session.connect();
  const post = (method, parameters = {}) => {
    let answer;
    // In one's own process the answer is there when `post` returns.
    session.post(method, parameters, (error, result) => {
      answer = error ? undefined : result;
    });
    return answer;
  };
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

  let written = false;
  const write = () => {
    if (written) return;
    written = true;
    const scripts = (post('Profiler.takePreciseCoverage')?.result ?? []).filter(({ url }) => isOurs(url));
    if (scripts.length === 0) return;
    post('Debugger.enable');
    mkdirSync(folder, { recursive: true });
    const measured = scripts.flatMap(({ scriptId, url, functions }) => {
      const source = post('Debugger.getScriptSource', { scriptId })?.scriptSource;
      if (!source) return [];
      const code = source.replace(OWN_FOLDER, '');
      for (const range of functions.flatMap(({ ranges }) => ranges))
        range.endOffset = Math.min(range.endOffset, code.length);
      const name = `${createHash('sha256').update(code).digest('hex')}.js`;
      if (!existsSync(path.join(folder, name))) writeFileSync(path.join(folder, name), code);
      return [{ url, code: name, functions }];
    });
    writeFileSync(path.join(folder, `${randomUUID()}.json`), JSON.stringify(measured));
  };
  process.once('exit', write);
  process.once('SIGTERM', () => {
    write();
    // The handler is gone by now: the process ends as it would have without it.
    process.kill(process.pid, 'SIGTERM');
  });
}

function isOurs(url) {
  if (!url.startsWith('file:')) return false;
  const [room = '', ...rest] = path.relative(root, fileURLToPath(url)).split(path.sep);
  const name = rest.join('/');
  return (room === 'src' && !/\.test\.ts$|test-support\.ts$/.test(name)) || room === 'dist';
}
