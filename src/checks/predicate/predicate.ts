import type { Predicate } from '../../core/article.ts';
import type { CheckResult } from '../../core/finding.ts';
import type { TestInput } from '../check.ts';
import { endlessPart } from './endless.ts';
import { type BudgetFacts, baselineFacts, predicateLanguage, runFacts, testFacts } from './language.ts';

/** What is wrong with an expression, and where: 0-based offset in its text. */
export interface PredicateFault {
  readonly message: string;
  readonly offset: number;
}

/** What a predicate is about, as its variables say: each run by itself, all runs of a test, or the test. */
export type PredicateSubject = 'run' | 'runs' | 'test';

/** A predicate that can be evaluated. */
export interface CompiledPredicate {
  readonly subject: PredicateSubject;
  /** Whether it names `baseline`: runs of a case that the baseline lacks are then left out. */
  readonly usesBaseline: boolean;
  /**
   * A finding for the test, or for each run, of which the predicate is not true.
   *
   * @throws what CEL throws at evaluation, e.g. for a key that an output does not have.
   */
  run(input: TestInput, budget: BudgetFacts | null): CheckResult[];
}

const ALL = ['test', 'run', 'runs', 'baseline', 'budget'] as const;

/** Checks an expression: it must be CEL, name what exists, be true or false, and come to an end. */
export function checkPredicate(expect: string, options: { readonly budget: boolean }): PredicateFault | null {
  const names = options.budget ? ALL : ALL.filter((name) => name !== 'budget');
  const checked = predicateLanguage(names).check(expect);
  if (!checked.valid) {
    const { summary, range, message } = checked.error as Error & {
      summary?: string;
      range?: { start: number };
    };
    const noGate = !options.budget && /Unknown variable: budget/.test(message);
    return {
      message: noGate ? '`budget` needs a gate.yaml' : (summary ?? message),
      offset: range?.start ?? 0,
    };
  }
  // `dyn` comes from a part whose type is only known at run time, such as an output.
  const type = String(checked.type);
  if (type === 'bool' || type === 'dyn') return endlessPart(expect);
  return { message: `the expression is a ${type}, and must be true or false`, offset: 0 };
}

/** Compiles an expression that {@link checkPredicate} accepts. */
export function compilePredicate({ expect, message }: Predicate): CompiledPredicate {
  const evaluate = predicateLanguage(ALL).parse(expect);
  const works = (...without: string[]) =>
    predicateLanguage(ALL.filter((name) => !without.includes(name))).check(expect).valid;
  const usesBaseline = !works('baseline');
  const subject = usesBaseline || !works('run') ? 'run' : works('runs') ? 'test' : 'runs';
  return {
    subject,
    usesBaseline,
    run(input, budget) {
      const test = testFacts(input);
      const runs = input.runs.map(runFacts);
      const broken = (values: Record<string, unknown>): boolean => {
        const result: unknown = evaluate({ test, runs, ...(budget ? { budget } : {}), ...values });
        if (typeof result !== 'boolean') throw new TypeError(`the predicate gave ${String(result)}`);
        return !result;
      };
      if (subject !== 'run') return broken({}) ? [{ code: 'CX-EXPECT', values: { expect, message } }] : [];
      return input.runs.flatMap((run, index) => {
        const baseline = baselineFacts(input.baseline, run);
        if (usesBaseline && baseline === null) return [];
        if (!broken({ run: runs[index], ...(baseline ? { baseline } : {}) })) return [];
        return [{ code: 'CX-EXPECT', values: { expect, message, run: run.id } }];
      });
    },
  };
}
