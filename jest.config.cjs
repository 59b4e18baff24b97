/** Told apart by name and place: unit (no server), integration (real servers), the others a whole platform. */
const shared = {
  testEnvironment: 'node',
  transform: {
    // packages that are modules only are transformed too
    '^.+\\.(ts|mjs)$|/node_modules/hyparquet': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!hyparquet)'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/.tempera/'],
  // not in the system's temporary folder, which each run of `npm test` has anew
  cacheDirectory: '<rootDir>/build/jest',
};
const { source, withTests } = require('./platform/setup/folders.json');
const roots = [...source, ...withTests].map((folder) => `<rootDir>/${folder}`);
/** Of `faults`: what kills, or takes hosts away. */
const faults = ['faults', 'sandbox-hosts'];
/** Files take turns with the platform, or those of each kind, that the set-up in this folder tells them of. */
const sharing = (folder) => ({
  globalSetup: `<rootDir>/tests/${folder}/set-up.ts`,
  globalTeardown: `<rootDir>/tests/${folder}/take-down.ts`,
});
module.exports = {
  reporters: ['default', '<rootDir>/tests/runner/left-behind.mjs'],
  // a test says what comes of it, not how soon: a busy machine must not fail one that sets no time of its own
  testTimeout: 60_000,
  // of the tests that say that they may run at once, in one file: more sessions only take turns for the processors
  maxConcurrency: 2,
  projects: [
    {
      ...shared,
      roots,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$', '/tests/(?!docs/|platform/|runner/|soak/)'],
    },
    { ...shared, roots, displayName: 'integration', testMatch: ['**/*.int.test.ts'] },
    {
      ...shared,
      ...sharing('platform'),
      roots,
      displayName: 'platform',
      testMatch: ['**/tests/**/*.test.ts'],
      testPathIgnorePatterns: [
        '\\.int\\.test\\.ts$',
        '/tests/(ui|docs|platform|runner|soak)/',
        ...faults.map((folder) => `/tests/${folder}/`),
      ],
    },
    {
      ...shared,
      ...sharing('faults'),
      roots,
      displayName: 'faults',
      testMatch: faults.map((folder) => `**/tests/${folder}/**/*.test.ts`),
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$'],
    },
    // by `npm run test:soak` alone
    { ...shared, roots, displayName: 'soak', testMatch: ['**/tests/soak/soak.ts'] },
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
