import type { TestInput } from '../checks/check.ts';
import type { ProjectCheck } from '../checks/project-check.ts';
import { callWithin } from '../checks/time-limit.ts';
import type { CheckResult } from '../core/finding.ts';
import type { JsonObject } from '../core/json.ts';
import { messageOf } from '../core/message-of.ts';

/** A project's own check must not hang the run. */
const LIMIT_MS = 1_000;

/** Checks that were ended: a second of each test would be as good as a run that hangs. */
const ended = new WeakSet<ProjectCheck>();

/**
 * Calls a project's own check, which may do anything: it is ended after a time limit, cannot change what other checks and the
 * report see, and hands over plain findings of codes that are its own.
 *
 * @throws an error for a check that throws, changes what it is given, or returns something else.
 */
export function callProjectCheck(
  check: ProjectCheck,
  input: TestInput,
  options: JsonObject,
): readonly CheckResult[] | null {
  if (ended.has(check))
    throw new Error('it was ended in an earlier test of this file, and is not asked again');
  let returned = false;
  try {
    return callWithin(LIMIT_MS, () => {
      try {
        return resultsOf(check.run(readOnly(input), frozen(options)), check);
      } catch (error) {
        // Worded here: what was thrown may take its time to say what it is.
        throw new Error(messageOf(error));
      } finally {
        returned = true;
      }
    });
  } finally {
    // Nothing of what is ended is run any more, not even what stands in `finally`.
    if (!returned) ended.add(check);
  }
}

/** Lists and records are copied first: a test that ran out of time may still be adding to its own. */
function readOnly({ test, runs, schemas, values, ...rest }: TestInput): TestInput {
  return frozen({
    ...rest,
    test: { ...test, tags: [...test.tags] },
    runs: [...runs],
    schemas: [...schemas],
    values: { ...values },
  });
}

/** The value with all that hangs on it: plain JSON, and functions. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}

/** What a check returned, if it is what a check may return. */
function resultsOf(results: unknown, { codes }: ProjectCheck): readonly CheckResult[] | null {
  if (results === null) return null;
  if (!Array.isArray(results))
    throw new TypeError('a check returns a list of findings, at once and not as a promise');
  // Nothing else of them: which test and article they belong to is not theirs to say.
  const told = (results as (Partial<CheckResult> | null)[]).map((one) => ({
    code: one?.code,
    values: one?.values,
  }));
  const plain = JSON.parse(JSON.stringify(told)) as Partial<CheckResult>[];
  for (const { code, values } of plain) {
    if (typeof code !== 'string' || !Object.hasOwn(codes, code))
      throw new TypeError(`a finding has a code that the check does not declare: ${String(code)}`);
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw new TypeError(`a finding without \`values\`: ${code}`);
  }
  return plain as CheckResult[];
}
