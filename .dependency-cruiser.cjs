// The rooms of ARCHITECTURE.md and the one direction in which imports may flow between them.
const middle = ['config', 'alerts', 'checks', 'bridge', 'gateway', 'lm', 'ops', 'report'];
const room = (name) => `^src/${name}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-nothing',
      comment: 'core is pure: no other room, no package, no node module but crypto (hashing is computation)',
      severity: 'error',
      from: { path: room('core'), pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/core/', '^(node:)?crypto$'] },
    },
    {
      name: 'io-imports-only-core',
      severity: 'error',
      from: { path: room('io'), pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: [room('core'), room('io')] },
    },
    ...middle.map((name) => ({
      name: `${name}-imports-only-core`,
      severity: 'error',
      from: { path: room(name), pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: [room('core'), room('io'), room(name)] },
    })),
    {
      name: 'bugs-imports-no-door',
      comment: 'what makes and proves seeded bugs is called by the command line, and knows neither it nor vitest',
      severity: 'error',
      from: { path: room('bugs'), pathNot: '\\.test\\.ts$' },
      to: { path: [room('cli'), room('vitest'), room('report')] },
    },
    {
      name: 'migration-imports-no-door',
      comment: 'what compares versions and scans programs is called by the command line, and knows neither it nor vitest',
      severity: 'error',
      from: { path: room('migration'), pathNot: '\\.test\\.ts$' },
      to: { path: [room('cli'), room('vitest'), room('report')] },
    },
    {
      name: 'pytest-imports-no-door',
      comment: 'what runs pytest suites is called by the command line and by test files, and knows neither it nor vitest',
      severity: 'error',
      from: { path: room('pytest'), pathNot: '\\.test\\.ts$' },
      to: { path: [room('cli'), room('vitest'), room('report')] },
    },
    {
      name: 'only-src-vitest-touches-vitest',
      severity: 'error',
      from: { path: '^src/', pathNot: [room('vitest'), '\\.test\\.ts$'] },
      to: { path: ['node_modules/vitest', 'node_modules/@vitest', 'node_modules/vite/'] },
    },
    {
      name: 'vitest-never-imports-cli',
      severity: 'error',
      from: { path: room('vitest'), pathNot: '\\.test\\.ts$' },
      to: { path: room('cli') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
