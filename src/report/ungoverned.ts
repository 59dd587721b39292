import { count } from './format.ts';

/** What ran, and was left alone by the constitution. */
export interface Ungoverned {
  /** Projects that do not have the plugin, by name; the root has none. */
  readonly withoutPlugin: readonly string[];
  /** Projects that run in a browser. */
  readonly inBrowser: readonly string[];
  /** Tests of types, which are read and never run. */
  readonly typecheckTests: number;
}

/** One line, or null where nothing was left alone. */
export function describeUngoverned({ withoutPlugin, inBrowser, typecheckTests }: Ungoverned): string | null {
  const parts: string[] = [];
  if (withoutPlugin.length > 0)
    parts.push(
      `${projects(withoutPlugin)} without the plugin (an inline project has it with \`extends: true\`)`,
    );
  if (inBrowser.length > 0) parts.push(`${projects(inBrowser)} in a browser`);
  if (typecheckTests > 0) parts.push(count(typecheckTests, 'typecheck test'));
  return parts.length === 0 ? null : `not governed: ${parts.join(' · ')}`;
}

function projects(names: readonly string[]): string {
  return `${names.length === 1 ? 'project' : 'projects'} ${names.map((name) => name || 'root').join(', ')}`;
}
