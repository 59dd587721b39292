import type { ApiChange, MigrationHint, PackageApi } from './api.ts';

/**
 * Changes that only people can tell: what went before the earlier version, and what both versions have and does something else.
 *
 * @param hints Those that speak of what lies between the versions.
 */
export function statedChanges(
  hints: readonly MigrationHint[],
  before: PackageApi,
  after: PackageApi,
): ApiChange[] {
  const bare = { before: null, after: null, breaking: true } as const;
  return hints.flatMap(({ subject, behaves }): ApiChange[] => {
    const [path = '', member] = subject.split('#');
    const there = [before, after].filter(({ names }) => has(names[path], member));
    if (behaves && there.length === 2)
      return [{ ...bare, kind: 'behavior', subject, also: pathsTo(before, path) }];
    const wholeName = /^[\w.]+$/.test(subject);
    return wholeName && there.length === 0 && !isBelow(before, path)
      ? [{ ...bare, kind: 'removed-before', subject, also: [] }]
      : [];
  });
}

function has(name: PackageApi['names'][string] | undefined, member: string | undefined): boolean {
  return name !== undefined && (member === undefined || member in name.members);
}

/** Whether a path may be in a module that could not be imported. */
function isBelow({ closed }: PackageApi, path: string): boolean {
  return Object.keys(closed).some((module) => path === module || path.startsWith(`${module}.`));
}

/** The other paths that lead to the same thing. */
function pathsTo({ names }: PackageApi, path: string): string[] {
  const { kind, of } = names[path] ?? {};
  return Object.keys(names).filter(
    (other) => other !== path && names[other]?.kind === kind && names[other]?.of === of,
  );
}
