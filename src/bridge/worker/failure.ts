import path from 'node:path';
import type { ResponseError } from 'vscode-jsonrpc/node';
import { ERROR_CODES, type ErrorCode } from '../../core/error-codes.ts';
import { ConstitutionError, type Place } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ChildEnding } from './supervisor.ts';

/** `data` of an error that the worker answers with. */
interface WorkerErrorData {
  readonly code?: string;
  readonly type?: string | null;
  readonly traceback?: string;
  readonly file?: string | null;
  readonly line?: number | null;
}

const HINTS: Partial<Record<ErrorCode, string>> = {
  'CX-PIPELINE-LOAD': 'The traceback in the details shows where; check the entry and what it imports.',
  'CX-PIPELINE-RAISED': 'The traceback in the details shows where in the pipeline it happened.',
  'CX-PIPELINE-OUTPUT':
    'Return a dspy.Prediction or a value made of dicts, lists, strings, finite numbers and booleans.',
  'CX-BUDGET-SPENT': 'Raise the cap in optimizer_budget.yaml, and go on with --resume.',
  'CX-OPTIMIZE-JUDGE': 'Mend the judge, and begin anew: what was scored with it does not count.',
  'CX-RUN-CANCELLED': 'Start it again to get a result.',
  'CX-SANDBOX-UNAVAILABLE':
    'Install bubblewrap or allow unprivileged user namespaces; CONSTITUTION_SANDBOX=off runs LM-written code unprotected.',
};

/** The worker's error answer as the error a user sees. */
export function answeredError(error: ResponseError<unknown>): ConstitutionError {
  const data = (error.data ?? {}) as WorkerErrorData;
  const code = isErrorCode(data.code) ? data.code : 'CX-WORKER-PROTOCOL';
  const place = placeOf(data);
  const hint = HINTS[code];
  return new ConstitutionError(code, error.message, {
    ...(place ? { place } : {}),
    ...(hint ? { hint } : {}),
    details: { type: data.type ?? null, traceback: data.traceback ?? null },
    cause: error,
  });
}

/** The error of a call whose child ended, or was killed, before it answered. */
export function endedError(ending: ChildEnding | null, cause: unknown): ConstitutionError {
  if (ending !== null && ending.exitCode !== null && ending.exitCode !== undefined) {
    return new ConstitutionError(
      'CX-PIPELINE-RAISED',
      `The pipeline ended its Python process with exit code ${ending.exitCode}.`,
      {
        hint: 'Let a pipeline raise an exception instead of leaving the process.',
        details: facts(ending),
        cause,
      },
    );
  }
  const how = ending?.signal ? `was ended by ${ending.signal}` : 'ended';
  return new ConstitutionError('CX-WORKER-DIED', `The Python process of the run ${how} before it answered.`, {
    hint: ending
      ? 'Its last output is in the details; SIGKILL without a time-out is often the kernel short of memory.'
      : 'The fork server may have ended too; start it again.',
    details: ending ? facts(ending) : {},
    cause,
  });
}

/** The error of a run that was killed at its time limit. */
export function timedOutError(
  timeoutMs: number,
  ending: ChildEnding | null,
  cause: unknown,
): ConstitutionError {
  return new ConstitutionError(
    'CX-RUN-TIMEOUT',
    `The run did not end within ${timeoutMs} ms and was killed.`,
    {
      hint: 'Raise the time limit, or find out what it waits for: its last output is in the details.',
      details: ending ? facts(ending) : {},
      cause,
    },
  );
}

export function cancelledError(cause?: unknown): ConstitutionError {
  return new ConstitutionError('CX-RUN-CANCELLED', 'The run was cancelled.', {
    hint: 'Start it again to get a result.',
    cause,
  });
}

export function garbageError(ending: ChildEnding | null, cause: Error): ConstitutionError {
  return new ConstitutionError(
    'CX-WORKER-PROTOCOL',
    `The Python process sent something that is not the protocol: ${cause.message}`,
    {
      hint: 'A pipeline must not write to file descriptors it did not open.',
      details: ending ? facts(ending) : {},
      cause,
    },
  );
}

function facts(ending: ChildEnding): JsonObject {
  return { exitCode: ending.exitCode, signal: ending.signal, stderrTail: ending.stderrTail };
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in ERROR_CODES;
}

/** Paths under the current folder are shown relative to it. */
function placeOf(data: WorkerErrorData): Place | undefined {
  if (!data.file) return undefined;
  const relative = path.relative(process.cwd(), data.file);
  const file =
    relative.startsWith('..') || path.isAbsolute(relative) ? data.file : relative.split(path.sep).join('/');
  return data.line ? { file, line: data.line } : { file };
}
