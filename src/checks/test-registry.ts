import type { TestCheck } from './check.ts';
import { check as budgetRespected } from './test/budget-respected.ts';
import { check as contextPreserved } from './test/context-preserved.ts';
import { check as dependencyOrder } from './test/dependency-order.ts';
import { check as deterministic } from './test/deterministic.ts';
import { check as maxDuration } from './test/max-duration.ts';
import { check as maxHeapGrowth } from './test/max-heap-growth.ts';
import { check as mustAssert } from './test/must-assert.ts';
import { check as noConsole } from './test/no-console.ts';
import { check as noEnvLeak } from './test/no-env-leak.ts';
import { check as noGlobalLeak } from './test/no-global-leak.ts';
import { check as noOpenHandles } from './test/no-open-handles.ts';
import { check as noRealNetwork } from './test/no-real-network.ts';
import { check as noSecretsInOutput } from './test/no-secrets-in-output.ts';
import { check as noWritesOutside } from './test/no-writes-outside.ts';
import { check as outputParses } from './test/output-parses.ts';
import { check as protectedFilesUntouched } from './test/protected-files-untouched.ts';
import { check as recoversFromFaults } from './test/recovers-from-faults.ts';
import { check as schemaStable } from './test/schema-stable.ts';
import { check as traceCaptured } from './test/trace-captured.ts';
import { check as workflowChain } from './test/workflow-chain.ts';

/** Every check of single tests, by name. Written by `scripts/registries.mjs` from the folder `test/`. */
export const TEST_CHECKS: Readonly<Record<string, TestCheck>> = {
  'budget-respected': budgetRespected,
  'context-preserved': contextPreserved,
  'dependency-order': dependencyOrder,
  deterministic,
  'max-duration': maxDuration,
  'max-heap-growth': maxHeapGrowth,
  'must-assert': mustAssert,
  'no-console': noConsole,
  'no-env-leak': noEnvLeak,
  'no-global-leak': noGlobalLeak,
  'no-open-handles': noOpenHandles,
  'no-real-network': noRealNetwork,
  'no-secrets-in-output': noSecretsInOutput,
  'no-writes-outside': noWritesOutside,
  'output-parses': outputParses,
  'protected-files-untouched': protectedFilesUntouched,
  'recovers-from-faults': recoversFromFaults,
  'schema-stable': schemaStable,
  'trace-captured': traceCaptured,
  'workflow-chain': workflowChain,
};
