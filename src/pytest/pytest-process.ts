import path from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { TextTail } from '../bridge/worker/text-tail.ts';
import { packageRoot } from '../config/package-root.ts';
import { eventSchema, type PytestEvent } from './events.ts';

/** Descriptor of the events in the Python process. */
const EVENTS = 3;

export interface PytestProcessOptions {
  readonly python: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the suite. */
  readonly folder: string;
  /** For pytest. */
  readonly arguments: readonly string[];
  /** Tests that have run already. */
  readonly done: readonly string[];
  /** Files that are not to be imported, relative to the folder. */
  readonly ignore: readonly string[];
  /** Whether LM calls are recorded: then no test is answered from what another one asked. */
  readonly asks: boolean;
  readonly offline: boolean;
  readonly onEvent: (event: PytestEvent) => void;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The end of what pytest printed. */
  readonly output: string;
  /** Whether processes that it started were still there; they were killed. */
  readonly left: boolean;
}

/** One Python process that runs a suite, with all that it starts in a process group of its own. */
export class PytestProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ReturnType<typeof spawn>;
  /** Ends its group, and says whether there was anything left of it. */
  readonly #killGroup: () => boolean;

  constructor(options: PytestProcessOptions) {
    const child = spawn(options);
    this.#child = child;
    const group = child.pid;
    this.#killGroup = () => {
      try {
        if (group !== undefined) process.kill(-group, 'SIGKILL');
        return group !== undefined;
      } catch {
        // there is nothing left of the group
        return false;
      }
    };
    process.once('exit', this.#killGroup);

    const output = new TextTail();
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => output.append(chunk));
    const told = readLines(child.stdio[EVENTS] as Readable, (line) => {
      const event = parsed(line);
      if (event !== null) options.onEvent(event);
    });
    child.stdin?.on('error', () => {}); // the process may end before it has read
    child.stdin?.end(
      JSON.stringify({
        descriptor: EVENTS,
        arguments: options.arguments,
        done: options.done,
        ignore: options.ignore,
        asks: options.asks,
        offline: options.offline,
      }),
    );
    this.ended = this.#untilEnd(told, output);
  }

  /** Ends the process at once; what it started follows, and is told of. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #untilEnd(told: Promise<void>, output: TextTail): Promise<ProcessEnd> {
    const child = this.#child;
    // Children that live on hold its output open: they go as soon as the process itself has ended.
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const left = this.#killGroup();
    const { exitCode, signal } = await child;
    await told;
    process.off('exit', this.#killGroup);
    return { exitCode, signal, output: output.toString(), left };
  }
}

function spawn({ python, folder, env }: PytestProcessOptions) {
  const script = path.join(packageRoot(), 'python', 'constitution_pytest', '__main__.py');
  return execa(python, [script], {
    cwd: folder,
    env,
    extendEnv: false,
    reject: false,
    detached: true,
    buffer: false,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
}

/** What a suite writes to the descriptor by itself is not an event. */
function parsed(line: string): PytestEvent | null {
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  await new Promise<void>((resolve) => {
    stream.once('close', () => resolve());
    stream.once('end', () => resolve());
    stream.once('error', () => resolve());
  });
}
