import { tmpdir } from 'node:os';
import { execa } from 'execa';

/** Whether code written by an LM can be confined on this machine. */
export interface SandboxProbe {
  readonly ok: boolean;
  /** One sentence. */
  readonly detail: string;
}

const PROBE = `
import sys
sys.path.insert(0, sys.argv[1])
from constitution_worker.sandbox import SandboxUnavailable, run_python
try:
    result = run_python("print(6 * 7)", timeout_s=10)
except SandboxUnavailable as unavailable:
    sys.exit(str(unavailable))
if result.stdout.strip() != "42":
    sys.exit("a program in the sandbox ended with " + result.status + ": " + result.stderr[-500:])
`;

/**
 * Runs a program in the sandbox of the worker package.
 *
 * @param python any supported interpreter
 * @param workerPath folder of the worker package
 */
export async function probeSandbox(
  python: string,
  workerPath: string,
  signal?: AbortSignal,
): Promise<SandboxProbe> {
  const chosen = process.env['CONSTITUTION_SANDBOX'];
  const env = {
    PATH: process.env['PATH'] ?? '',
    PYTHONDONTWRITEBYTECODE: '1',
    ...(chosen ? { CONSTITUTION_SANDBOX: chosen } : {}),
  };
  const result = await execa(python, ['-I', '-c', PROBE, workerPath], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    cwd: tmpdir(),
    timeout: 60_000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (result.failed) {
    const reason = String(result.stderr ?? '').trim();
    return { ok: false, detail: reason.split('\n').at(-1) || 'the sandbox does not answer' };
  }
  if (chosen === 'off')
    return { ok: true, detail: 'switched OFF by CONSTITUTION_SANDBOX: LM-written code runs unconfined' };
  return { ok: true, detail: 'LM-written code can be confined' };
}
