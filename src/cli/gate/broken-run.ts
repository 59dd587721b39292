import { renderFailures } from '../../report/failures.ts';
import type { GateRun } from '../../vitest/gate/run-gate.ts';
import type { CommandContext } from '../command.ts';

/**
 * Shows what broke a run that is no verdict's own.
 *
 * @returns The exit code 3; undefined where nothing broke.
 */
export function brokenRun(context: CommandContext, { result }: GateRun): number | undefined {
  const errors = [...result.fileErrors, ...result.tests.flatMap((test) => test.errors)];
  if (!errors.some((error) => error.code !== null)) return undefined;
  const failures = renderFailures(result.tests, { color: context.color });
  const ofFiles = result.fileErrors.map((error) => `${error.file}: ${error.message}`);
  if (context.json) context.out(JSON.stringify({ errors }));
  else context.out([failures, ...ofFiles].filter((text) => text !== '').join('\n'));
  return 3;
}
