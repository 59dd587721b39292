import path from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { packageRoot } from '../config/package-root.ts';
import { pythonOfThisRun } from '../vitest/python-of-this-run.ts';
import type { StartPython } from '../vitest/service.ts';
import { main } from './main.ts';

/**
 * Runs a command line in a folder as a process without a terminal would, and tells what it printed. DSPy is imported once for
 * all commands of the test run.
 */
export async function runCommand(
  folder: string,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  startPython: StartPython = pythonOfThisRun,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    write: (text: string | Uint8Array) => {
      written[name] += text;
      return true;
    },
  });
  const exitCode = await main(argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin: Readable.from([]),
    environment,
    folder,
    startPython,
  });
  return { exitCode, ...written };
}

/** Runs a command line as a process of its own, which can be sent signals. */
export function commandProcess(argv: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const program = path.join(packageRoot(), 'src', 'cli', 'testdata', 'command-line.ts');
  return execa(
    process.execPath,
    ['-e', `import('vite').then((vite) => vite.runnerImport(${JSON.stringify(program)}))`],
    { cwd: packageRoot(), reject: false, env: { ...environment, COMMAND_LINE: JSON.stringify(argv) } },
  );
}

/** The head of a Python module with components: what their `run` returns. */
export const SEEN = `from dataclasses import dataclass, field

import dspy

@dataclass
class Seen:
    output: object
    calls: int = 0
    input_tokens: int = 100
    output_tokens: int = 10
    assertions: object = None
    series: list = field(default_factory=list)
`;
