/** Comma-separated comparisons against dotted versions, as `requires-python` has them: `>=3.10,<3.14`. */
export const VERSION_RANGE =
  /^\s*(>=|<=|==|!=|>|<)\s*\d+(\.\d+)*(\.\*)?(\s*,\s*(>=|<=|==|!=|>|<)\s*\d+(\.\d+)*(\.\*)?)*\s*$/;

const CLAUSE = /^(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)(\.\*)?$/;

/** Negative, zero or positive as `a` is older, equal or newer; missing parts count as 0, letters are ignored. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a dotted version lies in a {@link VERSION_RANGE}; `==3.11.*` and `!=3.11.*` compare the given parts only. */
export function satisfies(version: string, range: string): boolean {
  return range.split(',').every((text) => {
    const clause = CLAUSE.exec(text.trim());
    if (clause === null) return false;
    const [, operator, wanted, wildcard] = clause as unknown as [string, string, string, string | undefined];
    const compared = wildcard === undefined ? version : truncate(version, numbers(wanted).length);
    const order = compareVersions(compared, wanted);
    switch (operator) {
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '==':
        return order === 0;
      case '!=':
        return order !== 0;
      case '>':
        return order > 0;
      default:
        return order < 0;
    }
  });
}

function numbers(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

function truncate(version: string, parts: number): string {
  return numbers(version).slice(0, parts).join('.');
}
