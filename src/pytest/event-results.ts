import { causeOf, messageOf, type PytestResult } from '../core/pytest-run.ts';
import type { PytestEvent } from './events.ts';

type Event<Name extends PytestEvent['event']> = Extract<PytestEvent, { event: Name }>;

/** What a test came to that ran to its end. */
export function resultOfTest({ outcome, seconds, text, network }: Event<'finish'>): PytestResult {
  const failed = outcome === 'failed' || outcome === 'error';
  const cause = failed ? causeOf(text ?? '', network) : null;
  const line = text === null ? null : failed ? messageOf(text) : text;
  return {
    outcome,
    durationMs: seconds * 1000,
    message: cause === null ? line : `${cause.message}: ${line}`,
    detail: failed ? text : null,
    code: cause?.code ?? null,
  };
}

/** What became of a file that could not be imported. */
export function resultOfFile({ text, network }: Event<'unusable'>) {
  const cause = causeOf(text, network);
  return {
    outcome: 'error',
    durationMs: 0,
    message: cause?.message ?? messageOf(text),
    detail: text,
    code: cause?.code ?? 'CX-PYTEST-IMPORT',
  } as const satisfies PytestResult;
}
