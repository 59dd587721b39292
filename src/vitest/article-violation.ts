import type { Finding } from '../core/finding.ts';
import { describeFinding } from '../report/finding.ts';
import { locateTest } from './locate-test.ts';
import type { ProvidedConstitution } from './provided.ts';

/** A line that a reporter shows with its surroundings; the form is vitest's. */
interface StackFrame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly method: string;
}

/** What a test fails with when it breaks blocking articles: one line a finding, and what to do. */
export class ArticleViolation extends Error {
  override readonly name = 'ArticleViolation';
  readonly findings: readonly Finding[];
  /** Where vitest's reporters look first: the test itself, instead of a stack that would lead into this tool. */
  readonly stacks?: readonly StackFrame[];

  /** @param test Absolute file and the test's full name, for the place that is shown. */
  constructor(
    findings: readonly Finding[],
    provided: ProvidedConstitution,
    test: { readonly filepath: string; readonly name: string },
  ) {
    const broken = [...new Set(findings.map((finding) => finding.article))];
    super(broken.map((id) => paragraph(id, findings, provided)).join('\n'));
    this.findings = findings;
    const place = locateTest(test.filepath, test.name);
    this.stack = `${this.name}: ${this.message}`;
    if (place === null) return;
    // An empty list would mean that there is no place at all: it is left out where the line is not known.
    this.stacks = [{ file: test.filepath, ...place, method: '' }];
    this.stack += `\n    at ${test.filepath}:${place.line}:${place.column}`;
  }
}

/** An article with its findings; a hint that several of them share stands once, after the last. */
function paragraph(
  id: string,
  findings: readonly Finding[],
  { articles, templates }: ProvidedConstitution,
): string {
  const article = articles.find((candidate) => candidate.id === id);
  const title = article ? ` "${article.title}" (${article.source})` : '';
  const own = findings.filter((finding) => finding.article === id);
  const texts = own.map((finding) => ({ code: finding.code, ...describeFinding(finding, templates) }));
  const lines = texts.flatMap(({ code, summary, hint }, index) => [
    `  ${code}: ${summary}`,
    ...(hint !== '' && texts[index + 1]?.hint !== hint ? [`  hint: ${hint}`] : []),
  ]);
  return [`article ${id}${title}`, ...lines].join('\n');
}
