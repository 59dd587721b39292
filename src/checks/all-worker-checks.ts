/** Both registries as one module: a worker that needs more than the common checks reads one file more, not two. */
export { PROBES } from './probe-registry.ts';
export { TEST_CHECKS } from './test-registry.ts';
