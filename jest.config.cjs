/** Told apart by name and place: unit (no server), integration (real servers), the others a whole platform. */
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(ts|mjs)$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/.tempera/'],
};
const roots = [
  'core',
  'workflows',
  'activities',
  'agents',
  'models',
  'storage',
  'sandbox-client',
  'db',
  'worker',
  'api',
  'config',
  'platform',
  'cli',
  'ui',
  'tests',
  'bench',
].map((folder) => `<rootDir>/${folder}`);
/** Of `faults`: what kills, or takes hosts away. */
const faults = ['faults', 'sandbox-hosts'];
/** One platform for all files that kill and configure nothing; they take turns with it. */
const sharing = {
  globalSetup: '<rootDir>/tests/platform/set-up.ts',
  globalTeardown: '<rootDir>/tests/platform/take-down.ts',
};
module.exports = {
  projects: [
    {
      ...shared,
      roots,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$', '/tests/(?!docs/|platform/)'],
    },
    { ...shared, roots, displayName: 'integration', testMatch: ['**/*.int.test.ts'] },
    {
      ...shared,
      ...sharing,
      roots,
      displayName: 'platform',
      testMatch: ['**/tests/**/*.test.ts'],
      testPathIgnorePatterns: [
        '\\.int\\.test\\.ts$',
        '/tests/(ui|docs|platform)/',
        ...faults.map((folder) => `/tests/${folder}/`),
      ],
    },
    {
      ...shared,
      ...sharing,
      roots,
      displayName: 'faults',
      testMatch: faults.map((folder) => `**/tests/${folder}/**/*.test.ts`),
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$'],
    },
    {
      ...shared,
      roots,
      displayName: 'browser',
      testMatch: ['**/tests/ui/**/*.test.ts'],
      // one platform for all of them
      globalSetup: '<rootDir>/tests/ui/set-up.ts',
      globalTeardown: '<rootDir>/tests/ui/take-down.ts',
    },
  ],
};
