import type { TestIdentity } from '../core/finding.ts';
import type { CompiledArticle } from './provided.ts';

type Place = Pick<TestIdentity, 'file' | 'project'>;

/** Tells whether an article can govern tests of a file. */
export function fileScope({ appliesTo, filePatterns }: CompiledArticle): (place: Place) => boolean {
  const patterns = filePatterns.map((source) => new RegExp(source));
  const { projects } = appliesTo;
  return ({ file, project }) =>
    (patterns.length === 0 || patterns.some((pattern) => pattern.test(file))) &&
    (projects.length === 0 || projects.includes(project));
}

/** The name patterns of an article, ready to be used. */
export function namePatterns({ appliesTo }: CompiledArticle): RegExp[] {
  return appliesTo.names.map((source) => new RegExp(source, 'u'));
}
