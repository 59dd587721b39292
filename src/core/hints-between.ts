import type { MigrationHint, PackageApi } from './api.ts';
import { compareVersions } from './python-version.ts';

/**
 * The hints that speak of what changed from one version of a package to a later one. One on a name that is in neither speaks
 * as well, for it went earlier; none speaks of the way back.
 */
export function hintsBetween(
  hints: readonly MigrationHint[],
  before: PackageApi,
  after: PackageApi,
): MigrationHint[] {
  if (compareVersions(before.version, after.version) > 0) return [];
  return hints.filter(({ subject, between: [earlier, later] }) => {
    if (compareVersions(after.version, earlier) <= 0) return false;
    if (compareVersions(before.version, later) < 0) return true;
    // Whether a part of something is there does not tell when it went.
    return /^[\w.]+$/.test(subject) && !(subject in before.names || subject in after.names);
  });
}
