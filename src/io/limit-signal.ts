/** A signal that aborts after a time, or with one of others. */
export interface LimitSignal {
  readonly signal: AbortSignal;
  /** Whether the time ran out. */
  readonly expired: boolean;
  /** Gives the timer back; to be called when what is limited has ended. */
  clear(): void;
}

/**
 * Stands in for `AbortSignal.any([AbortSignal.timeout(…), …])`: on Node 20 the garbage collector takes that timeout away
 * before it fires, and what waits for it waits for ever.
 *
 * @param milliseconds At least 0.
 */
export function limitSignal(milliseconds: number, others: readonly AbortSignal[] = []): LimitSignal {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort(new DOMException(`not done within ${milliseconds} ms`, 'TimeoutError'));
  }, milliseconds);
  // What is limited keeps the process alive as long as it has to.
  timer.unref();
  const follow = others.map((other) => {
    const abort = () => controller.abort(other.reason);
    if (other.aborted) abort();
    else other.addEventListener('abort', abort, { once: true });
    return () => other.removeEventListener('abort', abort);
  });
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    clear() {
      clearTimeout(timer);
      for (const stop of follow) stop();
    },
  };
}
