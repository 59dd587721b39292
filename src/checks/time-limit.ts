import vm from 'node:vm';

/**
 * Calls a function and ends it after a time limit, even out of an endless loop: V8 ends whatever runs inside the script
 * that makes the call. It costs some 0.1 ms, so it is for code that is not ours.
 *
 * @param milliseconds At least 1.
 * @throws what the function throws, and an error with the code `ERR_SCRIPT_EXECUTION_TIMEOUT`.
 */
export function callWithin<Result>(milliseconds: number, call: () => Result): Result {
  const script = new vm.Script('(call) => call()');
  const context = vm.createContext(Object.create(null));
  const invoke = script.runInContext(context) as (inner: () => Result) => Result;
  Object.assign(context, { invoke, call });
  return vm.runInContext('invoke(call)', context, { timeout: milliseconds }) as Result;
}
