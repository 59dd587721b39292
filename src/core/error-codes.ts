/**
 * Every error code and what it means. The documentation page of error codes is checked against this table.
 * Codes are stable: one is never renamed or given another meaning.
 */
export const ERROR_CODES = {
  // configuration
  'CX-CONFIG-MISSING': 'A file that the configuration needs does not exist.',
  'CX-CONFIG-SYNTAX': 'A YAML or JSON file cannot be parsed.',
  'CX-CONFIG-INVALID': 'A file parses, but a key or value is not what its schema asks for.',
  'CX-CONFIG-REFERENCE': 'A file names something (a pipeline, an environment, a bug) that does not exist.',
  // environments
  'CX-PYTHON-MISSING': 'No usable Python interpreter was found.',
  'CX-PYTHON-VERSION': 'The Python interpreter is outside the supported versions.',
  'CX-ENV-MISSING': 'A Python environment has not been made yet.',
  'CX-ENV-DAMAGED': 'A Python environment differs from what was installed.',
  'CX-ENV-INSTALL': 'A Python environment could not be installed.',
  'CX-ENV-LOCK': 'The lock of a Python environment is missing, or older than its declaration.',
  'CX-ENV-DISK': 'There is too little free disk space for a Python environment.',
  // bridge
  'CX-WORKER-START': 'The Python fork server did not come up.',
  'CX-WORKER-DIED': 'The Python process of a run ended before it answered.',
  'CX-WORKER-PROTOCOL': 'The Python process sent something that is not the protocol.',
  'CX-RUN-TIMEOUT': 'A run did not end within its time limit and was killed.',
  'CX-RUN-CANCELLED': 'A run was cancelled.',
  'CX-PIPELINE-RAISED': 'The pipeline raised an exception.',
  'CX-PIPELINE-LOAD': 'The pipeline could not be imported or built.',
  'CX-PIPELINE-OUTPUT': 'The pipeline returned something that is not JSON.',
  'CX-SANDBOX-UNAVAILABLE': 'The kernel offers no isolation for running LM-written code.',
  // gateway
  'CX-GATEWAY-MISS': 'A replay has no recording of this request.',
  'CX-GATEWAY-UPSTREAM': 'The LM endpoint cannot be reached.',
  'CX-GATEWAY-TOKEN': 'A request carries no token of an open run.',
  'CX-GATEWAY-REQUEST': 'A request to the gateway is malformed, too large or for a foreign host.',
  'CX-GATEWAY-RUN': 'A run cannot be opened or closed at the gateway as asked.',
  'CX-GATEWAY-CONTROL': "The gateway's control interface refused a call or did not answer.",
  'CX-GATEWAY-LISTEN': 'The gateway could not listen on the loopback interface.',
  'CX-RECORDING-INVALID': 'A recording cannot be read.',
  'CX-RECORDING-WRITE': 'A recording could not be written.',
  // budgets of optimizers
  'CX-BUDGET-SPENT': 'An LM call or a scored answer was refused, for a cap of the optimizer is reached.',
  'CX-BUDGET-PRICE': 'Nothing but the cost is limited, and a model has no price.',
  'CX-BUDGET-CHECK': 'A violated budget was not checked by the constitution, for its process was killed.',
  'CX-BUDGET-LEDGER': 'What an optimizer spends cannot be written down, so nothing more is spent.',
  'CX-OPTIMIZE-SETUP': 'An optimizer cannot be run with this environment, role or split.',
  'CX-OPTIMIZE-BUSY': 'Another process is optimizing this role.',
  'CX-OPTIMIZE-RESUME': 'There is no optimization to go on with, or it was begun with other sources.',
  'CX-OPTIMIZE-REPLAY': 'A replay of an optimization came to another result than was recorded.',
  'CX-OPTIMIZE-STALE': 'An optimized program is older than its pipeline, judge or split.',
  'CX-OPTIMIZE-STALLED':
    'An optimizer evaluated nothing: it went round and was ended, or no LM call was answered.',
  'CX-OPTIMIZE-JUDGE':
    'The judge of an optimizer raised, or gave what is no score, so the optimizer was ended.',
  'CX-OPTIMIZE-SAVE': 'What an optimizer has found cannot be written down any more, so it was ended.',
  // embedded model
  'CX-LM-FETCH': 'The embedded model could not be fetched.',
  'CX-LM-START': 'The embedded model did not start.',
  'CX-LM-DIED': 'The process of the embedded model ended while it served a request.',
  'CX-LM-REQUEST': 'A request to the embedded model is not one it can serve.',
  'CX-LM-BUSY': 'Too many requests wait for the embedded model.',
  'CX-LM-CALIBRATION': 'The speed of the embedded model could not be measured.',
  // baseline and gate
  'CX-BASELINE-MISSING': 'There is no baseline yet.',
  'CX-BASELINE-STALE': 'The baseline is older than its pipelines, bugs, settings or recordings.',
  'CX-BUG-INVALID': 'A seeded bug is not proven by its hidden tests.',
  'CX-BUG-FIX': 'The fix of a seeded bug fails one of its tests.',
  'CX-BUG-PASSES': 'Too few hidden tests of a seeded bug fail on the bug.',
  'CX-BUG-EXAMPLES': 'What pipelines are shown of a seeded bug does not show the bug.',
  'CX-BUG-OVERLAP': 'A hidden test of a seeded bug is shown to pipelines as well.',
  'CX-BUG-ALIKE': 'A seeded bug repeats another one under other names.',
  'CX-BUG-UNSTABLE': 'A test of a seeded bug passes in some runs and fails in others.',
  'CX-BUG-TIMEOUT': 'A test of a seeded bug does not end within its time limit.',
  'CX-BUG-LIMIT': 'A test of a seeded bug ends its process or exceeds a limit of the sandbox.',
  'CX-BUG-REFUSED':
    'A test of a seeded bug needs what the sandbox refuses: processes, files, memory, the network.',
  'CX-BUG-EXISTS': 'There is already a seeded bug of that name.',
  'CX-BUG-SOURCE': 'A file, diff or commit cannot be made into a seeded bug.',
  'CX-BUG-LEAK': 'A prompt of a seeded bug holds its fix or a hidden test.',
  // migration
  'CX-MIGRATION-REMOVED': 'A Python file uses what a later version of a package does not have.',
  'CX-MIGRATION-MOVED': 'A Python file uses what has another name or place in a later version of a package.',
  'CX-MIGRATION-KIND': 'A Python file uses what is a thing of another kind in a later version of a package.',
  'CX-MIGRATION-CALL':
    'A Python file calls something with arguments that a later version takes in another way.',
  'CX-MIGRATION-BEHAVIOR': 'A Python file uses what does something else in a later version of a package.',
  'CX-MIGRATION-DEFAULT': 'A Python file relies on a default that a later version of a package changed.',
  'CX-MIGRATION-UNREADABLE': 'A Python file could not be read as a program.',
  'CX-MIGRATION-SCHEMAS': 'The modules whose signatures are compared cannot be imported in an environment.',
  'CX-MIGRATION-COMPONENTS': 'The Python that probes the components of a system ended without an answer.',
  'CX-MIGRATION-API': 'What a version of DSPy offers could not be read.',
  'CX-MIGRATION-SCAN': 'Python files could not be scanned.',
  // suites of others
  'CX-PYTEST-SUITE': 'A pytest suite could not be started, or came to no tests.',
  'CX-PYTEST-IMPORT': 'A file of a pytest suite cannot be imported.',
  'CX-PYTEST-WORSE': 'A test of a pytest suite is broken, missing or failing in the later version.',
  'CX-PYTEST-TIMEOUT': 'A test or file of a pytest suite did not end within its time limit and was killed.',
  'CX-PYTEST-EXIT': 'A test or file of a pytest suite ended its process or session.',
  'CX-PYTEST-PACKAGE': 'A pytest suite needs a package that its environment does not have.',
  'CX-PYTEST-NETWORK': 'A test of a pytest suite asked for a host that is not this machine.',
  'CX-PYTEST-CHILDREN': 'A pytest suite left processes running; they were killed.',
  // statistics and verdict
  'CX-STATISTICS-INPUT': 'A statistic was asked of values that it is not defined for.',
  'CX-VERDICT-INPUT': 'The rows or runs given to the verdict contradict each other.',
  // the plugin itself
  'CX-LINT-FAILED': 'A linter that the articles name gives no report to compare.',
  'CX-OVERHEAD-RUN': 'A run of the suite that was to be timed did not come to results.',
  'CX-INIT': 'The plugin could not be added to the configuration of vitest.',
  // command line
  'CX-USAGE': 'A command was called with arguments it does not know.',
  'CX-INTERNAL': 'A fault of vitest-constitution itself.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
