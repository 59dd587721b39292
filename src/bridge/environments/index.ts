export { addEnvironment } from './add.ts';
export { deriveEnvironment } from './derive.ts';
export { ENVIRONMENT_BYTES, freeDisk, megabytes } from './disk.ts';
export { findPython, SUPPORTED_PYTHON } from './interpreter.ts';
export { type IsolationProof, proveIsolation } from './isolation.ts';
export { type ListedEnvironment, listEnvironments } from './list.ts';
export { type EnvironmentStatus, locateEnvironment, summary } from './locate.ts';
export { readLockText } from './lock-text.ts';
export { comparePackages, installedPackages, type PackageDifference, parseLock } from './packages.ts';
export { releasedVersions } from './releases.ts';
export { resolveLock } from './resolve-lock.ts';
export { probeSandbox, type SandboxProbe } from './sandbox-probe.ts';
export {
  cleanEnvironments,
  repairEnvironment,
  type SyncOptions,
  syncEnvironments,
} from './sync.ts';
