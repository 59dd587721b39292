import type { TestIdentity } from '../core/finding.ts';
import type { CompiledArticle } from './provided.ts';

/** Whether an article can govern tests of a file. */
export function coversFile(
  { appliesTo, filePatterns }: CompiledArticle,
  { file, project }: Pick<TestIdentity, 'file' | 'project'>,
): boolean {
  return (
    (filePatterns.length === 0 || filePatterns.some((source) => new RegExp(source).test(file))) &&
    (appliesTo.projects.length === 0 || appliesTo.projects.includes(project))
  );
}

/** The name patterns of an article, ready to be used. */
export function namePatterns({ appliesTo }: CompiledArticle): RegExp[] {
  return appliesTo.names.map((source) => new RegExp(source, 'u'));
}
