import { isMarked, processState } from './process-state.ts';

const state = processState('assertions', () => ({ count: 0 }));

/** Assertions so far of all that {@link countAssertionsOf} was given. */
export function assertionCount(): number {
  return state.count;
}

/** Counts the calls of an object's functions from now on; what is counted already is left as it is. */
export function countAssertionsOf(target: object): void {
  if (isMarked(target, 'assertions')) return;
  for (const name of Object.keys(target)) {
    const original: unknown = Reflect.get(target, name);
    // Classes are told by their names: `AssertionError` must stay what `instanceof` knows.
    if (typeof original !== 'function' || /^[A-Z]/.test(name)) continue;
    const wrapper = function (this: unknown, ...args: unknown[]): unknown {
      state.count++;
      return Reflect.apply(original, this, args);
    };
    Reflect.set(target, name, Object.assign(wrapper, original));
  }
}
