import type { Article } from '../core/article.ts';
import type { Finding } from '../core/finding.ts';
import { describeFinding } from '../report/finding.ts';

/** What a test fails with when it breaks blocking articles: one line a finding, with its hint. */
export class ArticleViolation extends Error {
  override readonly name = 'ArticleViolation';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[], articles: readonly Article[]) {
    super(findings.map((finding) => line(finding, articles)).join('\n'));
    this.findings = findings;
    // The stack would lead into this tool; the message says where to look.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function line(finding: Finding, articles: readonly Article[]): string {
  const article = articles.find(({ id }) => id === finding.article);
  const { summary, hint } = describeFinding(finding);
  const title = article ? ` "${article.title}" (${article.source})` : '';
  return `article ${finding.article}${title}\n  ${finding.code}: ${summary}${hint ? `\n  hint: ${hint}` : ''}`;
}
