export interface RetryOptions {
  readonly attempts: number;
  readonly delayMs: number;
}

/** Calls an operation until it succeeds, with a growing pause between attempts. */
export async function retry<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation(attempt);
    } catch (error) {
      if (attempt === options.attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, options.delayMs * 2 ** (attempt - 1)));
    }
  }
}
