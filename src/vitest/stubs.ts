import type { VitestUtils } from 'vitest';
import type { Changes, Observations } from '../checks/observations.ts';

/** What vitest takes back by itself before each test, as its configuration says. */
export interface Unstubbed {
  readonly envs: boolean;
  readonly globals: boolean;
}

/** What is stubbed through `vi` just now, by name. */
interface Stubs {
  readonly envs: Set<string>;
  readonly globals: Set<string>;
}

const noted = new WeakMap<VitestUtils, Stubs>();

/** Begins to note what is stubbed, once for each `vi`. */
export function noteStubs(vi: VitestUtils): void {
  if (noted.has(vi)) return;
  const stubs: Stubs = { envs: new Set(), globals: new Set() };
  noted.set(vi, stubs);
  const { stubEnv, stubGlobal, unstubAllEnvs, unstubAllGlobals } = vi;
  vi.stubEnv = (name, value) => {
    stubs.envs.add(name);
    return stubEnv.call(vi, name, value as never);
  };
  vi.stubGlobal = (name, value) => {
    stubs.globals.add(String(name));
    return stubGlobal.call(vi, name, value);
  };
  vi.unstubAllEnvs = () => {
    stubs.envs.clear();
    return unstubAllEnvs.call(vi);
  };
  vi.unstubAllGlobals = () => {
    stubs.globals.clear();
    return unstubAllGlobals.call(vi);
  };
}

/** What a test left, without the stubs that vitest takes back: the next test does not find them. */
export function withoutStubs(
  seen: Partial<Observations>,
  vi: VitestUtils,
  { envs, globals }: Unstubbed,
): Partial<Observations> {
  const stubs = noted.get(vi);
  if (stubs === undefined) return seen;
  return {
    ...seen,
    ...(envs && seen.env ? { env: without(seen.env, stubs.envs) } : {}),
    ...(globals && seen.globals ? { globals: without(seen.globals, stubs.globals) } : {}),
  };
}

function without({ added, changed, removed }: Changes, stubs: ReadonlySet<string>): Changes {
  const left = (names: readonly string[]) => names.filter((name) => !stubs.has(name));
  return { added: left(added), changed: left(changed), removed: left(removed) };
}
