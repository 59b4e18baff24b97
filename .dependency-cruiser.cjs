/** The import table of docs/architecture: what each folder may import of ours. Everything else is an error. */

/** Folder → what it may import besides itself, as path patterns. Tests may import anything. */
const MAY_IMPORT = {
  core: ['proto/generated'],
  classification: ['core'],
  workflows: ['core', 'activities'], // activities: types only, see below
  activities: ['core', 'workflows/contract', 'agents', 'db'],
  agents: ['core'],
  models: ['core'],
  storage: ['core'],
  sources: ['core', 'classification'],
  'sandbox-client': ['core', 'proto/generated'],
  db: ['core'],
  worker: [
    'core',
    'proto/generated',
    'workflows',
    'activities',
    'agents',
    'models',
    'classification',
    'sources',
    'storage',
    'sandbox-client',
    'db',
    'config',
    'platform/setup',
  ],
  api: [
    'core',
    'sources',
    'workflows/contract',
    'classification',
    'sources',
    'db',
    'storage',
    'sandbox-client',
    'agents',
    'config',
    'proto/generated',
  ],
  config: ['core'],
  platform: ['core', 'config', 'db', 'storage'],
  cli: ['core', 'classification', 'config', 'platform', 'api/generated'],
};
const OURS = [
  ...Object.keys(MAY_IMPORT),
  'proto',
  'sandbox',
  'ui',
  'deploy',
  'examples',
  'docs',
  'bench',
  'tests',
];
const TEST = '\\.test\\.ts$|/testing/';

const tableRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-${allowed.join('-').replaceAll('/', '.') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: TEST },
  to: {
    path: `^(${OURS.join('|')})/`,
    pathNot: [`^${folder}/`, ...allowed.map((path) => `^${path}/`)],
    // activities name the forms of what the worker passes in; they import none of its code
    ...(folder === 'activities' ? { dependencyTypesNot: ['type-only'] } : {}),
  },
}));

module.exports = {
  forbidden: [
    ...tableRules,
    {
      name: 'workflows-know-activities-by-type-only',
      comment: 'A workflow that imports the code of an activity is not deterministic any more.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TEST },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-imports-only-what-core-says-once',
      comment:
        'It talks to the platform by its routes alone; readers of formats and what a state means are core’s.',
      severity: 'error',
      from: { path: '^ui/', pathNot: TEST },
      to: {
        path: `^(${OURS.join('|')})/`,
        pathNot: [
          '^ui/',
          '^examples/',
          '^core/(terminal-text|markdown|session-names|session-state|log-pages|table-files|column-keys|learners|decision-values|comparison-words|session-titles|training-metrics|connections|connection-forms)\\.ts$',
          '^core/access/(key-records|permissions)\\.ts$',
          '^core/classification/(states|records|settings|answers|evaluation|sensitivity|table-names)\\.ts$',
        ],
      },
    },
    {
      name: 'ui-lib-knows-no-page',
      comment: 'What pages share names none of them: a page can be changed, or taken away, by itself.',
      severity: 'error',
      from: { path: '^ui/src/lib/' },
      to: { path: '^ui/src/(pages/|[^/]+$)' },
    },
    {
      name: 'workflows-do-no-input-or-output',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TEST },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-make-no-ids',
      comment: 'core/ids.ts is random and needs node:crypto: ids come to a workflow in its input.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TEST },
      to: { path: '^core/ids\\.ts$' },
    },
    {
      name: 'bootstrap-needs-nothing-installed',
      comment: 'It runs before node_modules exists; what it needs later it imports then.',
      severity: 'error',
      from: {
        path: '^platform/(bootstrap|build|guard|setup/).*\\.mjs$',
        // a check, run on its own when everything is there
        pathNot: '^platform/setup/(heard-)?promises\\.mjs$',
      },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional'], dynamic: false },
    },
    {
      name: 'no-circles',
      comment: 'Types count, and components too: a folder is read from its leaves.',
      severity: 'error',
      // a tree's folder holds trees
      from: { pathNot: '^ui/src/pages/studio/files/file-tree\\.svelte$' },
      to: { circular: true },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { pathNot: TEST },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(build|\\.tempera)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.svelte'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
