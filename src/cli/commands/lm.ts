import { join } from 'node:path';
import { Option } from 'commander';
import { hashJson, type Json } from '../../core/json.ts';
import { writeAtomically } from '../../io/write-atomically.ts';
import { MODEL } from '../../lm/artifacts.ts';
import { calibrate } from '../../lm/calibrate.ts';
import { fetchEmbeddedLm } from '../../lm/fetch.ts';
import { startEmbeddedLm } from '../../lm/start.ts';
import { integer } from '../arguments.ts';
import type { Action, Command, CommandContext } from '../command.ts';

interface ServeFlags {
  readonly port?: number;
  readonly processes?: number;
  readonly threads?: number;
}

interface FetchFlags {
  readonly force?: boolean;
}

/** `lm`: the embedded model, fetched and served, for recording and live runs. */
export const command: Command = {
  summary: 'fetch and serve the embedded model',
  configure(program, action) {
    program
      .addOption(new Option('--port <number>', 'loopback port').argParser(integer(0, 65_535)).default(8080))
      .addOption(new Option('--processes <number>', 'requests served at once').argParser(integer(1, 64)))
      .addOption(new Option('--threads <number>', 'threads of each process').argParser(integer(1, 64)))
      .action(action(serve));
    program
      .command('fetch')
      .description('fetch the model and its runtime, if they are not there')
      .option('--force', 'fetch again what is there')
      .action(action(fetch));
    program
      .command('calibrate')
      .description('measure the speed of the model and write eval/rate-card.json')
      .action(action(calibration));
  },
};

const serve: Action = async (context, flags) => {
  const { port, processes, threads } = flags as ServeFlags;
  const lm = await startEmbeddedLm({
    root: context.root,
    signal: context.signal,
    note: context.note,
    ...(port === undefined ? {} : { port }),
    ...(processes === undefined ? {} : { processes }),
    ...(threads === undefined ? {} : { threads }),
  });
  if (context.json) context.out(JSON.stringify({ baseUrl: lm.baseUrl, model: lm.model }));
  else context.out(`${lm.baseUrl}\n  model   ${lm.model.id}\n  sha256  ${lm.model.sha256}`);
  context.note('Ctrl-C ends it');
  const exitCode = await lm.ended;
  return context.signal.aborted || exitCode === 0 ? 0 : 3;
};

const fetch: Action = async (context, flags) => {
  const { force = false } = flags as FetchFlags;
  const { root, signal, note } = context;
  const files = await fetchEmbeddedLm({ root, signal, note, force });
  if (context.json) context.out(JSON.stringify({ folder: files.folder, model: MODEL }));
  else context.out(`${MODEL.id} is in ${files.folder}`);
  return 0;
};

const calibration: Action = async (context) => {
  const lm = await startEmbeddedLm({
    root: context.root,
    signal: context.signal,
    note: context.note,
    processes: 1,
    threads: 1,
  });
  try {
    const card = await calibrate({
      baseUrl: lm.baseUrl,
      model: lm.model,
      signal: context.signal,
      onProgress: (done, total) => {
        if (done % 12 === 0) context.note(`${done} of ${total} requests measured`);
      },
    });
    const path = join(context.root, 'eval', 'rate-card.json');
    await writeAtomically(path, `${JSON.stringify(card, null, 2)}\n`);
    report(context, card as unknown as Json);
    return 0;
  } finally {
    await lm.stop();
  }
};

function report(context: CommandContext, card: Json): void {
  if (context.json) {
    context.out(JSON.stringify(card));
    return;
  }
  context.out(
    `${JSON.stringify(card, null, 2)}\neval/rate-card.json written, content hash ${hashJson(card)}`,
  );
}
