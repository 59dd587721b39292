// Taken at load: fake timers replace the globals later.
const { setTimeout, clearTimeout } = globalThis;

/**
 * Waits for a promise, and not for ever. What it waits for goes on.
 *
 * @param milliseconds At least 0.
 * @throws what the promise is rejected with, and a `TimeoutError` where it is not settled in time.
 */
export async function within<Result>(milliseconds: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const late = () => reject(new DOMException(`not done within ${milliseconds} ms`, 'TimeoutError'));
    timer = setTimeout(late, milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
