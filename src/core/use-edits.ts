import type { PackageApi } from './api.ts';
import type { ApiUse, Edit } from './api-uses.ts';

/** Renames the last part of a path; none where the new path lies elsewhere, for then the import has to change too. */
export function renamed(use: ApiUse, path: string, target: string): Edit[] {
  const span = use.spans[path];
  const [parent, name] = atLastDot(path);
  const [, newName] = atLastDot(target);
  if (span === undefined || span === null || target !== `${parent}.${newName}`) return [];
  // Whoever uses the imported name goes on to find it.
  const text = use.form === 'from' && use.alias === name ? `${newName} as ${name}` : newName;
  return [edit(span, text)];
}

/** Imports the very same thing from where the later version has it; none where it has it nowhere. */
export function importedElsewhere(
  { path, module, spans, alias }: ApiUse,
  before: PackageApi,
  after: PackageApi,
): Edit[] {
  const [span, was] = [spans[path], before.names[path]];
  if (module === null || !span || was === undefined || !['class', 'function'].includes(was.kind)) return [];
  const [target] = Object.keys(after.names)
    .filter((other) => {
      const [then, now] = [before.names[other], after.names[other]];
      return then?.of === was.of && then.kind === was.kind && now?.kind === was.kind;
    })
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  if (target === undefined) return [];
  const [parent, name] = atLastDot(target);
  const keepsAlias = alias === atLastDot(path)[1] && alias !== name;
  return [edit(module, parent), edit(span, keepsAlias ? `${name} as ${alias}` : name)];
}

/** Replaces a span. */
export function edit([from, to]: readonly [from: number, to: number], text: string): Edit {
  return { from, to, text };
}

function atLastDot(path: string): [parent: string, name: string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}
