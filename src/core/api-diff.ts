import type { ApiChange, ApiChangeKind, ApiMember, ApiName, ApiParameter, PackageApi } from './api.ts';

/**
 * What changed from one version of a package to another, in order of subjects.
 *
 * A thing that has many paths is told once, under the shortest; what is below a module that is gone is not told apart from
 * it. What happened to a member is told of the class that defines it, and of one that inherits it only where the same did not
 * happen to the other: where it has another base now, say.
 */
export function compareApis(before: PackageApi, after: PackageApi): ApiChange[] {
  const changes = [
    ...gone(before, after),
    ...gone(after, before).map(turned),
    ...common(before, after),
    ...settings(before, after),
  ];
  return changes.sort(bySubject);
}

/** The order of changes. */
export function bySubject(a: ApiChange, b: ApiChange): number {
  return compare(a.subject, b.subject) || compare(a.kind, b.kind);
}

/** Names of one version that the other does not have. */
function gone(from: PackageApi, to: PackageApi): ApiChange[] {
  const changes: ApiChange[] = [];
  const has = (path: string) => path in to.names || path in to.closed;
  for (const paths of byObject(from).values()) {
    const missing = paths.filter((path) => !has(path));
    if (missing.length === 0) continue;
    const [left] = paths.filter(has);
    const told = missing.filter((path) => has(parentOf(path)));
    if (left !== undefined) {
      for (const path of told)
        changes.push(change('moved', path, { before: path, after: left, breaking: true }));
    } else if (told.length > 0) {
      const [subject, ...also] = told;
      changes.push(change('removed', subject as string, { also, breaking: true }));
    }
  }
  for (const path of Object.keys(from.closed))
    if (!has(path) && has(parentOf(path))) changes.push(change('removed', path, { breaking: true }));
  return changes;
}

/** The paths of each thing, the shortest first. */
function byObject(api: PackageApi): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const [path, { of, kind }] of Object.entries(api.names)) {
    const key = kind === 'value' ? path : `${kind} ${of}`;
    paths.set(key, [...(paths.get(key) ?? []), path]);
  }
  for (const list of paths.values()) list.sort((a, b) => a.length - b.length || compare(a, b));
  return paths;
}

/** A removal seen from the other side. A second path to what was there before is no news. */
function turned(removed: ApiChange): ApiChange {
  const { kind, subject, also } = removed;
  return change('added', subject, { also, after: kind === 'moved' ? removed.after : null, breaking: false });
}

function common(before: PackageApi, after: PackageApi): ApiChange[] {
  const changes: ApiChange[] = [];
  const classes = classesIn(before, after);
  for (const paths of byObject(before).values()) {
    const shared = paths.filter((path) => path in after.names);
    const [path, ...also] = shared;
    if (path === undefined) continue;
    const [was, is] = [before.names[path] as ApiName, after.names[path] as ApiName];
    if (was.kind !== is.kind) {
      changes.push(change('kind', path, { also, before: was.kind, after: is.kind, breaking: true }));
      continue;
    }
    changes.push(...parameters(path, was.parameters, is.parameters).map((one) => ({ ...one, also })));
    changes.push(...deprecated(path, was, is).map((one) => ({ ...one, also })));
    changes.push(...members(path, was, is, classes).map((one) => ({ ...one, also })));
  }
  return changes;
}

/** A class of both versions, as it was and as it is. */
type Pair = readonly [was: ApiName, is: ApiName];

/** Classes that both versions have under one path, by where the earlier one defines them. */
function classesIn(before: PackageApi, after: PackageApi): ReadonlyMap<string, Pair> {
  const classes = new Map<string, Pair>();
  for (const [path, was] of Object.entries(before.names)) {
    const is = after.names[path];
    if (was.kind === 'class' && is?.kind === 'class') classes.set(was.of, [was, is]);
  }
  return classes;
}

function members(path: string, was: ApiName, is: ApiName, classes: ReadonlyMap<string, Pair>): ApiChange[] {
  const changes: ApiChange[] = [];
  for (const [name, own] of Object.entries(was.members)) {
    const subject = `${path}#${name}`;
    const owner = own.of === was.of ? undefined : classes.get(own.of);
    const told = member(subject, owner?.[0].members[name], owner?.[1].members[name]).map(textOf);
    changes.push(...member(subject, own, is.members[name]).filter((one) => !told.includes(textOf(one))));
  }
  for (const [name, now] of Object.entries(is.members)) {
    if (now.of === is.of && !(name in was.members))
      changes.push(change('member-added', `${path}#${name}`, { breaking: false }));
  }
  return changes;
}

function member(subject: string, was: ApiMember | undefined, is: ApiMember | undefined): ApiChange[] {
  if (was === undefined) return [];
  if (is === undefined) return [change('member-removed', subject, { breaking: true })];
  // A value and a property are asked for alike.
  if (was.kind !== is.kind && (was.kind === 'method' || is.kind === 'method'))
    return [change('kind', subject, { before: was.kind, after: is.kind, breaking: true })];
  return [...parameters(subject, was.parameters, is.parameters), ...deprecated(subject, was, is)];
}

function textOf(one: ApiChange): string {
  return JSON.stringify(one);
}

/** What is there still, and says that it will go. */
function deprecated(
  subject: string,
  was: { readonly deprecated: string | null },
  is: { readonly deprecated: string | null },
): ApiChange[] {
  return was.deprecated === null && is.deprecated !== null
    ? [change('deprecated', subject, { after: is.deprecated })]
    : [];
}

function parameters(
  path: string,
  was: readonly ApiParameter[] | null,
  is: readonly ApiParameter[] | null,
): ApiChange[] {
  if (was === null || is === null) return [];
  const changes: ApiChange[] = [];
  const add = (kind: ApiChangeKind, name: string, rest: Partial<ApiChange>) =>
    changes.push(change(kind, `${path}(${name})`, rest));
  const named = (list: readonly ApiParameter[]) => list.filter(({ kind }) => !kind.startsWith('*'));
  const now = new Map(named(is).map((parameter) => [parameter.name, parameter]));
  const places = new Map(byPlace(is).map((parameter, place) => [parameter, place]));
  for (const [place, name] of byPlace(was).entries()) {
    const next = places.get(name);
    if (next !== undefined && next !== place)
      add('parameter-position', name, { before: `${place + 1}`, after: `${next + 1}`, breaking: true });
  }
  for (const { name, kind, default: fallback } of named(was)) {
    const parameter = now.get(name);
    now.delete(name);
    if (parameter === undefined) add('parameter-removed', name, { breaking: true });
    else if (parameter.kind !== kind)
      add('parameter-kind', name, {
        before: kind,
        after: parameter.kind,
        breaking: parameter.kind !== 'any',
      });
    else if (parameter.default !== fallback) {
      const required = parameter.default === null;
      add(required ? 'parameter-required' : 'default', name, {
        before: fallback,
        after: parameter.default,
        breaking: required || fallback !== null,
      });
    }
  }
  for (const [name, parameter] of now) {
    const required = parameter.default === null;
    add(required ? 'parameter-required' : 'parameter-added', name, {
      after: parameter.default,
      breaking: required,
    });
  }
  return changes;
}

/** Names of the parameters that can be given by their place, in order. */
export function byPlace(parameters: readonly ApiParameter[]): string[] {
  return parameters.filter(({ kind }) => kind === 'positional' || kind === 'any').map(({ name }) => name);
}

function settings(before: PackageApi, after: PackageApi): ApiChange[] {
  const subject = (key: string) => `${before.package}.settings[${key}]`;
  const changes: ApiChange[] = [];
  for (const [key, value] of Object.entries(before.settings)) {
    const now = after.settings[key];
    if (now === undefined)
      changes.push(change('setting-removed', subject(key), { before: value, breaking: true }));
    else if (now !== value)
      changes.push(change('setting-default', subject(key), { before: value, after: now, breaking: true }));
  }
  for (const [key, value] of Object.entries(after.settings)) {
    if (!(key in before.settings))
      changes.push(change('setting-added', subject(key), { after: value, breaking: false }));
  }
  return changes;
}

function change(kind: ApiChangeKind, subject: string, rest: Partial<ApiChange>): ApiChange {
  return { kind, subject, also: [], before: null, after: null, breaking: false, ...rest };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
