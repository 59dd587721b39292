import type { GatewayMode } from '../core/pipeline-run.ts';
import type { ReporterOptions, RunResult } from './reporter.ts';
import type { PythonService, ServiceOptions } from './service.ts';

/** Options of the plugin; every one has a default. */
export interface ConstitutionOptions {
  /** Folder of the article files, relative to the root. Default `constitution`. */
  readonly articles?: string;
  /** The frozen reference, relative to the root. Default `eval/baseline.json`. */
  readonly baseline?: string;
  /** How LM requests of pipelines are answered. Default `replay`. */
  readonly mode?: GatewayMode;
  readonly reporter?: ReporterOptions;
}

/** What a program that runs vitest itself wants to be told. */
export interface ConstitutionHooks extends Pick<ServiceOptions, 'note' | 'signal' | 'startPython'> {
  /** The first test waits for what it returns. */
  readonly onService?: (service: PythonService) => void | Promise<void>;
  readonly onEnd?: (result: RunResult) => void;
}
