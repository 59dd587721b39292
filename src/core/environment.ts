/** One `environments/<name>.yaml`, validated. */
export interface EnvironmentDeclaration {
  /** The file's name without ending. */
  readonly name: string;
  /** Exact DSPy version. */
  readonly dspy: string;
  /** Accepted Python versions, e.g. `>=3.10,<3.14`. */
  readonly python: string;
  /** Requirements beyond DSPy, in the form of pip (PEP 508). */
  readonly requirements: readonly string[];
  /** Constraints file (relative to the root) that the lock obeys, or null. */
  readonly constraints: string | null;
}

/** A Python environment that is installed, complete and unchanged. Absolute paths. */
export interface PythonEnvironment {
  readonly name: string;
  /** Installed DSPy version. */
  readonly dspy: string;
  /** Full Python version, e.g. `3.11.7`. */
  readonly pythonVersion: string;
  /** The environment's own interpreter. */
  readonly python: string;
  readonly sitePackages: string;
  /** DSPy's cache folder of this environment alone. */
  readonly cacheDir: string;
  /** SHA-256 of the lock it was made from. */
  readonly lockSha256: string;
  /**
   * The complete environment to start its interpreter with (nothing of `process.env` is to be added): no
   * `PYTHONPATH`, no user site, no proxies, no secrets.
   */
  readonly processEnv: Readonly<Record<string, string>>;
}

/** A path-safe environment name: starts with a letter or digit, then letters, digits, `.`, `_`, `-`. */
export const ENVIRONMENT_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Exact public versions as PyPI writes them (PEP 440 without local part): `3.0.1`, `3.1.0b1`, `2.6.27.post1`. */
export const EXACT_VERSION = /^\d+(\.\d+){0,3}((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?$/;
