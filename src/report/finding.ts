import type { Finding } from '../core/finding.ts';
import { type FindingTemplate, fillTemplate } from '../core/finding-template.ts';
import type { Json } from '../core/json.ts';
import { count } from './format.ts';

/** A finding in words: what is wrong, and what to do about it. */
export interface FindingText {
  readonly summary: string;
  readonly hint: string;
}

type Values = Readonly<Record<string, Json>>;

const TEXTS: Readonly<Record<string, (values: Values) => FindingText>> = {
  'CX-BUDGET-DURATION': (v) => ({
    summary: `the test took ${v['measured']} ms, allowed are ${v['allowed']} ms`,
    hint: 'Find what became slower, or raise `ms` in the article if the new time is agreed.',
  }),
  'CX-BUDGET-TOKENS': (v) => ({
    summary: `run ${v['run']} used ${v['measured']} tokens, allowed are ${v['allowed']}`,
    hint: 'Shorten the prompt or the demos, lower max_tokens, or raise maxTokens if the new cost is agreed.',
  }),
  'CX-BUDGET-CALLS': (v) => ({
    summary: `run ${v['run']} made ${v['measured']} LM calls, allowed are ${v['allowed']}`,
    hint: 'Lower the number of attempts, or raise maxCalls if the new cost is agreed.',
  }),
  'CX-BUDGET-LATENCY': (v) => ({
    summary: `run ${v['run']} took ${v['measured']} ms of modelled time, allowed are ${v['allowed']} ms`,
    hint: 'Look for added calls or longer answers with `why`, or raise maxLatencyMs if the new time is agreed.',
  }),
  'CX-BUDGET-COST': (v) => ({
    summary: `run ${v['run']} cost ${v['measured']}, allowed are ${v['allowed']}`,
    hint: 'Use fewer or shorter calls or a cheaper model, or raise maxCost if the new cost is agreed.',
  }),
  'CX-DEPENDENCY-ORDER': (v) => ({
    summary: `run ${v['run']} handed out a plan with ${counts(v['violations'])}`,
    hint: 'The pipeline should check its plan and answer without one rather than with a wrong one.',
  }),
  'CX-SCHEMA-CHANGED': (v) => ({
    summary:
      `predictor ${v['predictor']} of ${v['pipeline']} has another signature in ${v['environment']} ` +
      `than in ${v['reference']}${difference(v['was'], v['is'])}`,
    hint: 'Restore the signature, or renew the baseline with `vitest-constitution baseline update` if it is meant.',
  }),
  'CX-NO-ASSERTION': (v) => ({
    summary: `the test made ${v['measured']} assertions, at least ${v['allowed']} are asked for`,
    hint: 'Assert what the code under test is to do; `expect.assertions(n)` guards assertions in callbacks.',
  }),
  'CX-HEAP-GROWTH': (v) => ({
    summary: `the heap grew by ${v['measured']} MiB, allowed are ${v['allowed']} MiB`,
    hint: 'Look for what still refers to the data of the test: module state, caches, listeners.',
  }),
  'CX-CONSOLE': (v) => ({
    summary: `console.${v['level']} printed ${JSON.stringify(v['text'])}${more(v['count'])}`,
    hint: 'Take the output away, assert it with a spy, or allow it in the article.',
  }),
  'CX-NETWORK': (v) => ({
    summary: `${v['kind'] === 'lookup' ? 'looked up' : 'reached for'} ${v['host']}${v['port'] === null ? '' : `:${v['port']}`}`,
    hint: 'Put a server on loopback in its place, or record and replay it; `allow` names hosts that may be reached.',
  }),
  'CX-ENV-LEAK': (v) => ({
    summary: `the test left environment variables ${changesText(v)}`,
    hint: 'Set them with `vi.stubEnv` and undo it, or put them back in `afterEach`.',
  }),
  'CX-GLOBAL-LEAK': (v) => ({
    summary: `the test left global properties ${changesText(v)}`,
    hint: 'Set them with `vi.stubGlobal` and undo it, or put them back in `afterEach`.',
  }),
  'CX-OPEN-HANDLES': (v) => ({
    summary: `the test left open: ${counts(v['left'])}`,
    hint: 'Clear timers, and close servers, sockets, watchers and files, in the test or in `afterEach`.',
  }),
  'CX-WRITE-OUTSIDE': (v) => ({
    summary: `${v['operation']} changed ${v['file']}`,
    hint: 'Write into a temporary folder, or allow the place in the article.',
  }),
  'CX-PROTECTED-FILE': (v) => ({
    summary: `the protected file ${v['file']} was changed (${v['operation']})`,
    hint: 'Let the test work on a copy.',
  }),
  'CX-SECRET-SHOWN': (v) => ({
    summary: `${v['where']} shows ${v['variable'] === null ? 'what looks like a secret' : `the value of ${v['variable']}`}`,
    hint: 'Redact it before it is printed or answered; if it was real, replace it.',
  }),
  'CX-NOT-DETERMINISTIC': (v) => ({
    summary: `the value "${v['name']}" was not the same again`,
    hint: 'Fix seeds, clocks and the order of things, or name the value under `ignore`.',
  }),
  'CX-NOT-REPEATED': (v) => ({
    summary: `${(v['names'] as string[]).map((name) => `"${name}"`).join(', ')} was recorded once, with nothing to compare`,
    hint: 'Give the test `{ repeats: 1 }`: it does not name `record` or `dspy` itself, so it was not repeated.',
  }),
  'CX-SKIP-UNEXPLAINED': (v) => ({
    summary: `${v['call']} gives no reason`,
    hint: 'Say why in a comment beside it or above it, or with the note of `ctx.skip(note)`.',
  }),
  'CX-RETRY-UNEXPLAINED': (v) => ({
    summary: `the test passed after ${v['retries']} failed ${v['retries'] === 1 ? 'attempt' : 'attempts'}`,
    hint: 'Mend what makes it fail, or say in a comment above it why it may.',
  }),
  'CX-CONTEXT-LOST': (v) => ({
    summary: `run ${v['run']}: "${v['input']}" stands in ${v['found']} of ${v['requests']} LM requests`,
    hint: 'Find where the pipeline drops it; `why` shows every request.',
  }),
  'CX-REFERENCE-LOST': (v) => ({
    summary: `run ${v['run']}: "${v['input']}" does not stand in the output`,
    hint: 'The pipeline must hand on what it refers to.',
  }),
  'CX-CONTEXT-UNKNOWN': (v) => ({
    summary: `run ${v['run']} has no input "${v['input']}" with a text in it`,
    hint: 'Correct the name in the article, or restrict the article to the roles that have it.',
  }),
  'CX-WORKFLOW-BROKEN': (v) => ({
    summary: `run ${v['run']} ${v['skipped'] ? 'skipped' : 'went out of order at'} the stage ${v['stage']}`,
    hint: 'Declare the stages in fixtures/pipelines.yaml as they are meant to be; name those that may be left out.',
  }),
  'CX-TRACE-MISSING': (v) => ({
    summary: `run ${v['run']} left ${v['measured']} stages, at least ${v['allowed']} are asked for`,
    hint: 'Build the pipeline of DSPy modules, or mark its steps with `with stage("name"):`.',
  }),
  'CX-OUTPUT-UNPARSED': (v) => ({
    summary: `run ${v['run']}: the output is ${v['reason']}`,
    hint: 'Constrain the form of the answer, or let the pipeline ask again where it cannot be parsed.',
  }),
  'CX-NOT-RECOVERED': (v) => ({
    summary: `run ${v['run']} met ${v['kind']} at call ${v['call']}${v['measured'] === null ? '' : ` and went on after ${Math.round(Number(v['measured']))} ms of ${v['allowed']} ms`}: ${v['ended']}`,
    hint: 'Retry with a limit, or raise an exception that says what happened.',
  }),
  'CX-DOC-LINK': (v) => ({
    summary: `the link ${v['target']} leads nowhere`,
    hint: 'Correct the path, or take the link out.',
  }),
  'CX-DOC-ANCHOR': (v) => ({
    summary: `the link ${v['target']} names no heading`,
    hint: 'Correct the anchor: headings in lower case, spaces as hyphens.',
  }),
  'CX-DOC-PATH': (v) => ({
    summary: `the path ${v['path']} does not exist`,
    hint: 'Correct it; what is made later goes into `made` of the article.',
  }),
  'CX-DOC-VERSION': (v) => ({
    summary: `${v['name']} ${v['version']} is named, locked is ${(v['locked'] as string[]).join(', ')}`,
    hint: 'Correct the version; what is meant all the same goes into `versions` of the article.',
  }),
  'CX-DOC-COMMAND': (v) => ({
    summary: `package.json has no script for "${v['command']}"`,
    hint: 'Correct the command, or add the script.',
  }),
  'CX-LINT-NEW': (v) => ({
    summary: `${v['tool']} finds ${v['rule']} ${count(Number(v['count']), 'time')} in ${v['file'] || 'the project'}, ${v['known']} known`,
    hint: 'Mend it; or accept it with `vitest-constitution lint --update` and commit the file.',
  }),
  'CX-LINT-FAILED': (v) => ({
    summary: `no report of the linter "${v['command']}": ${v['reason']}`,
    hint: 'Run the command by itself: it has to print SARIF 2.1.0 on standard output.',
  }),
  'CX-FOCUSED': (v) => ({
    summary: `${v['call']} keeps the tests beside it from running`,
    hint: 'Take `.only` out before the change is merged.',
  }),
  'CX-EXPECT': (v) => ({
    summary: `${v['run'] === undefined ? '' : `run ${v['run']}: `}${v['message']} (${v['expect']})`,
    hint: 'The predicate of the article is not true here: mend what it is about, or change it if it asks too much.',
  }),
  'CX-WAIVER-EXPIRED': (v) => ({
    summary: `the waiver held until ${v['until']} (${v['reason']})`,
    hint: 'Mend the test and take the waiver out of the article, or agree on a new day.',
  }),
  'CX-WAIVER-UNUSED': (v) => ({
    summary: v['known']
      ? `the waiver for "${v['waived']}" has nothing to set aside any more`
      : `the waiver for "${v['waived']}" covers no test, and no finding of a file`,
    hint: 'Take it out of the article, or correct what it names.',
  }),
  'CX-ARTICLE-IDLE': () => ({
    summary: 'the article governs no test of the suite',
    hint: 'Correct what it applies to, or take it out.',
  }),
  'CX-CHECK-CRASHED': (v) => ({
    summary: `the check itself failed: ${v['message']}`,
    hint: 'Mend the check; until then the article says nothing about this test.',
  }),
};

/**
 * Sentences for a finding; an unknown code (from a newer version) is shown with its values.
 *
 * @param templates What the project's own checks say, by code.
 */
export function describeFinding(
  finding: Pick<Finding, 'code' | 'values'>,
  templates: Readonly<Record<string, FindingTemplate>> = {},
): FindingText {
  const template = templates[finding.code];
  if (template) {
    const { summary, hint } = template;
    return { summary: fillTemplate(summary, finding.values), hint: fillTemplate(hint, finding.values) };
  }
  const text = TEXTS[finding.code];
  return text ? text(finding.values) : { summary: JSON.stringify(finding.values), hint: '' };
}

/** The codes that have sentences, for the check that documentation covers them all. */
export const FINDING_CODES = Object.keys(TEXTS);

function counts(value: Json | undefined): string {
  const entries = Object.entries((value ?? {}) as Record<string, number>).filter(([, count]) => count > 0);
  return entries.map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

function more(count: Json | undefined): string {
  return typeof count === 'number' && count > 1 ? ` and ${count - 1} more` : '';
}

/** What was left added, changed and removed. */
function changesText(values: Values): string {
  return ['added', 'changed', 'removed']
    .map((kind) => [kind, (values[kind] ?? []) as string[]] as const)
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${kind} (${names.join(', ')})`)
    .join(', ');
}

function difference(was: Json | undefined, is: Json | undefined): string {
  const [before, after] = [JSON.stringify(was), JSON.stringify(is)];
  return before === undefined || after === undefined ? '' : `:\n    was ${before}\n    is  ${after}`;
}
