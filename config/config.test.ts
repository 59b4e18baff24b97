import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectedParts,
  loadConfig,
  runPreflight,
  settingValues,
  showConfig,
  writeResolved,
} from './index.ts';
import { readBase, variablesOf } from './load.ts';
import { settingsTable } from './reference.ts';
import { ConfigSchema } from './schema.ts';
import { describe as describeSettings } from './show.ts';

const root = join(__dirname, '..');
const load = (environment: Record<string, string> = {}) => loadConfig(environment, { root });

test('variables override defaults, empty ones count as not set', async () => {
  const config = await load({
    TEMPERA_PORT: '7500',
    LOG_LEVEL: '',
    TEMPORAL_TLS: 'true',
    TEMPERA_ORIGINS: 'http://a, http://b',
  });
  expect(config.port).toBe(7500);
  expect(config.grpcPort).toBe(7501);
  expect(config.log.level).toBe('info');
  expect(config.temporal.tls.enabled).toBe(true);
  expect(config.origins).toEqual(['http://a', 'http://b']);
  expect(config.home).toBe(join(root, '.tempera'));
});

test('a value may hold every character of HOCON without being read as HOCON', async () => {
  const url = 'postgres://a:p#w$' + '{x}"[,]@h:1/d?x=1';
  expect((await load({ DATABASE_URL: url })).database.url).toBe(url);
});

test('the process’s environment is not read where one is given', async () => {
  expect(process.env.PATH).toBeDefined();
  const config = await load();
  expect(config.database.url).toBeNull();
});

test('each wrong setting is named with its variable', async () => {
  await expect(load({ TEMPERA_PORT: 'x', SANDBOX_ISOLATION: 'maybe' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/port \(TEMPERA_PORT\).*sandbox\.isolation \(SANDBOX_ISOLATION\)/),
  });
});

test('the settings are frozen, inner ones too', async () => {
  const config = await load();
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.temporal.tls)).toBe(true);
});

test('every setting of the schema has a variable in base.conf and a description, and the other way round', () => {
  const described = describeSettings(ConfigSchema);
  expect([...variablesOf(readBase(root)).keys()].sort()).toEqual(described.map(([path]) => path).sort());
  expect(described.filter(([, { description }]) => description === '')).toEqual([]);
});

test('docs/configuration.md holds the table of every setting', async () => {
  const file = join(root, 'docs', 'configuration.md');
  const written = readFileSync(file, 'utf8');
  const table = settingsTable(await load());
  const fresh = written.replace(
    /<!-- settings -->[\s\S]*<!-- end -->/,
    () => `<!-- settings -->\n${table}\n<!-- end -->`,
  );
  if (process.env.UPDATE_DOCS) {
    writeFileSync(file, fresh);
  } else {
    // UPDATE_DOCS=1 npx jest config writes it
    expect(written).toBe(fresh);
  }
});

test('.env.example names only settings that there are', () => {
  const known = new Set(variablesOf(readBase(root)).values());
  const named = readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#?\s?([A-Z0-9_]+)=/gm);
  expect([...named].map(([, name]) => name).filter((name) => !known.has(name ?? ''))).toEqual([]);
});

test('config show masks every secret', async () => {
  const secrets = {
    ANTHROPIC_API_KEY: 'sk-one',
    S3_SECRET_KEY: 'two-two',
    DATABASE_URL: 'postgres://u:three@h/d',
  };
  const shown = showConfig(await load(secrets));
  expect(shown).not.toMatch(/sk-one|two-two|three/);
  expect(shown).toContain('postgres://u:******@h/d');
});

test('config resolve writes KEY=value lines that only the owner reads', async () => {
  await writeResolved(await load({ S3_SECRET_KEY: "it's" }));
  const file = join(root, 'build', 'config', 'tempera.env');
  expect(readFileSync(file, 'utf8')).toContain("S3_SECRET_KEY='it'\\''s'\n");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a missing address names its variable', async () => {
  const config = await load();
  expect(() => connectedParts(config)).toThrow(/DATABASE_URL is not set/);
});

test('preflight denies what cannot work and says what mends it', async () => {
  const config = await load({
    TEMPERA_HOST: '0.0.0.0',
    TEMPERA_PORT: '0',
    TEMPERA_MODEL: 'anthropic/claude',
    DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d',
    TEMPERA_TEMPORAL: '/bin/none',
    TEMPERA_PYTHON: '/bin/false',
  });
  const denied = (await runPreflight(config)).filter(({ level }) => level === 'deny');
  expect(denied.map(({ about }) => about).sort()).toEqual([
    ...['database.url', 'model.default'],
    ...['programs.python', 'programs.temporal', 'programs.versitygw'],
  ]);
  expect(denied.every(({ remedy }) => remedy.length > 10)).toBe(true);
});

test.each([
  ['DATABASE_URL', 'mysql://u:p@127.0.0.1/d', 'database.url', 'postgres://'],
  ['DATABASE_URL', 'nowhere', 'database.url', 'postgres://USER'],
  ['S3_ENDPOINT', 's3://bucket', 's3.endpoint', 'https://HOST'],
  ['S3_ENDPOINT', '127.0.0.1:9000', 's3.endpoint', 'S3_ENDPOINT'],
  ['TEMPORAL_ADDRESS', 'http://127.0.0.1:7233', 'temporal.address', 'HOST:PORT'],
  ['TEMPORAL_ADDRESS', 'temporal', 'temporal.address', 'HOST:PORT'],
  ['TEMPORAL_UI_URL', 'file:///x', 'temporal.uiUrl', 'TEMPORAL_UI_URL'],
  ['SANDBOX_ADDRESS', '127.0.0.1:1,grpc://x:2', 'sandbox.address', 'SANDBOX_ADDRESS'],
  ['ANTHROPIC_BASE_URL', 'api.anthropic.com', 'model.anthropic.baseUrl', 'ANTHROPIC_BASE_URL'],
  ['TEMPERA_ORIGINS', 'https://a.example/path', 'origins', 'TEMPERA_ORIGINS'],
])('%s=%s is denied for its form, and what fits is said', async (variable, value, about, words) => {
  const [check, ...more] = await runPreflight(await load({ TEMPERA_PORT: '0', [variable]: value }));
  expect(more).toEqual([]);
  expect(check).toMatchObject({ level: 'deny', about, remedy: expect.stringContaining(words) });
  // an address may hold a password
  expect(JSON.stringify(check)).not.toContain('u:p@');
});

test.each(['foo/bar', 'autopilot', 'anthropic/', 'opus'])(
  'a model %s of no provider is denied',
  async (model) => {
    const checks = await runPreflight(
      await load({ TEMPERA_PORT: '0', TEMPERA_MODEL: model, ANTHROPIC_API_KEY: 'k' }),
    );
    expect(checks).toContainEqual(
      expect.objectContaining({
        about: 'model.default',
        remedy: expect.stringContaining('autopilot, anthropic'),
      }),
    );
  },
);

test('preflight warns of weak isolation', async () => {
  const checks = await runPreflight(await load({ TEMPERA_PORT: '0', SANDBOX_ISOLATION: 'off' }));
  expect(checks).toContainEqual(expect.objectContaining({ level: 'warn', about: 'sandbox.isolation' }));
});

test('values are told for every setting', async () => {
  const config = await load();
  expect(settingValues(config).find(({ path }) => path === 'limits.columns')).toMatchObject({
    variable: 'MAX_COLUMNS',
    value: '8000',
  });
});
