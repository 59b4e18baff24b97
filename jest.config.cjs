/** Three speeds, told apart by name: unit (no server), int (real servers), fault (real servers, killed). */
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
module.exports = {
  projects: [
    {
      ...shared,
      roots,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$', '/tests/'],
    },
    { ...shared, roots, displayName: 'integration', testMatch: ['**/*.int.test.ts'] },
    {
      ...shared,
      roots,
      displayName: 'platform',
      testMatch: ['**/tests/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$', '/tests/ui/'],
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
