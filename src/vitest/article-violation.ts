import type { Article } from '../core/article.ts';
import type { Finding } from '../core/finding.ts';
import { describeFinding } from '../report/finding.ts';

/** What a test fails with when it breaks blocking articles: one line a finding, and what to do. */
export class ArticleViolation extends Error {
  override readonly name = 'ArticleViolation';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[], articles: readonly Article[]) {
    const broken = [...new Set(findings.map((finding) => finding.article))];
    super(broken.map((id) => paragraph(id, findings, articles)).join('\n'));
    this.findings = findings;
    // The stack would lead into this tool; the message says where to look.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** An article with its findings; a hint that several of them share stands once, after the last. */
function paragraph(id: string, findings: readonly Finding[], articles: readonly Article[]): string {
  const article = articles.find((candidate) => candidate.id === id);
  const title = article ? ` "${article.title}" (${article.source})` : '';
  const own = findings.filter((finding) => finding.article === id);
  const texts = own.map((finding) => ({ code: finding.code, ...describeFinding(finding) }));
  const lines = texts.flatMap(({ code, summary, hint }, index) => [
    `  ${code}: ${summary}`,
    ...(hint !== '' && texts[index + 1]?.hint !== hint ? [`  hint: ${hint}`] : []),
  ]);
  return [`article ${id}${title}`, ...lines].join('\n');
}
