/**
 * State that belongs to the process (or thread), whichever copy of this code asks for it: without isolation every test
 * file brings a copy, and what is patched must be patched once.
 *
 * @param make Called for the first one that asks.
 */
export function processState<State>(name: string, make: () => State): State {
  const key = Symbol.for(`vitest-constitution.${name}`);
  if (!Object.hasOwn(process, key)) Object.defineProperty(process, key, { value: make() });
  return Reflect.get(process, key) as State;
}

/** Whether an object is marked by the name already; it is afterwards. */
export function isMarked(target: object, name: string): boolean {
  const key = Symbol.for(`vitest-constitution.${name}`);
  if (Object.hasOwn(target, key)) return true;
  Object.defineProperty(target, key, { value: true });
  return false;
}
