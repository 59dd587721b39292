import type { PytestEvent } from './events.ts';
import { type ProcessEnd, PytestProcess, type PytestProcessOptions } from './pytest-process.ts';

/** Where a process is: what is to blame if it hangs or ends there. */
export interface ProcessPlace {
  readonly kind: 'test' | 'file' | 'other';
  /** Id of the test, path of the file, or words for what lies between them. */
  readonly name: string;
  /** By `performance.now()`. */
  readonly since: number;
}

/** What a process tells of the tests; what remains of its events says where it is. */
export type ResultEvent = Exclude<PytestEvent, { event: 'import' | 'start' | 'end' | 'broken' }>;

/** How a process ended that was watched. */
export interface WatchedEnd {
  /** Where it was last. */
  readonly at: ProcessPlace;
  readonly end: ProcessEnd;
  /** It was not done in time, and was killed. */
  readonly timedOut: boolean;
  /** What pytest exits with; undefined where it did not come to that. */
  readonly exit: number | undefined;
  /** What pytest itself went wrong with. */
  readonly broken: string | null;
}

export interface WatchOptions {
  readonly process: Omit<PytestProcessOptions, 'onEvent'>;
  /** Milliseconds that a process may be at one place. */
  readonly limitOf: (kind: ProcessPlace['kind']) => number;
  readonly onResult: (event: ResultEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Runs one process of a suite to its end, and kills it where it stays at one place too long or the signal says so. */
export async function watchProcess(options: WatchOptions): Promise<WatchedEnd> {
  const { limitOf, onResult, signal } = options;
  let at: ProcessPlace = place('other', 'the start');
  let timer: NodeJS.Timeout | undefined;
  let timedOut = false;
  let exit: number | undefined;
  let broken: string | null = null;
  const running: { process?: PytestProcess } = {};
  const limit = (kind: ProcessPlace['kind']) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timedOut = true;
      running.process?.kill();
    }, limitOf(kind));
  };
  const enter = (next: ProcessPlace) => {
    at = next;
    limit(next.kind);
  };
  const onEvent = (event: PytestEvent) => {
    if (timedOut) return;
    if (event.event === 'import') enter(place('file', event.file));
    else if (event.event === 'start') enter(place('test', event.test));
    else if (event.event === 'end') {
      exit = event.exit;
      if (at.kind === 'test' && !event.running) at = place('other', 'the end');
      // What ran last stays to blame for an early end, but has ended itself.
      limit('other');
    } else if (event.event === 'broken') broken = event.text;
    else {
      onResult(event);
      if (event.event === 'finish' && event.next !== null) enter(place('test', event.next));
      else enter(place('other', event.event === 'finish' ? 'the end' : 'the collection of tests'));
    }
  };
  const process = new PytestProcess({ ...options.process, onEvent });
  running.process = process;
  enter(at);
  const onAbort = () => process.kill();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const end = await process.ended;
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  return { at, end, timedOut, exit, broken };
}

function place(kind: ProcessPlace['kind'], name: string): ProcessPlace {
  return { kind, name, since: performance.now() };
}
