/**
 * faults.md 24: code of a session tries what an attacker would: every attempt is refused and the stage goes on.
 * What the
 * platform keeps secret, and the values of the data, are in no log, event, error or metric of the whole run.
 * The attempts one by one, on every level of isolation: sandbox/tests/escape.
 */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../../db/index.ts';
import { expectClean, expectSound } from '../platform/invariants.ts';
import { beginEda, code, finish, tool, VALID_EDA } from '../platform/scripted.ts';
import { type ProvidedPlatform, providersOf, takeProvided } from '../sandbox-hosts/provided.ts';

const planted = (what: string) => `${what}-${randomBytes(12).toString('hex')}`;
const CELL = planted('cell');
const PARAMETER = planted('parameter');

/** Fails with the names of those that got out. */
const ATTEMPTS = `
import os, pathlib, signal, socket
got = []
def attempt(name, action):
    try:
        if action():
            got.append(name)
    except OSError:
        pass
def reach(family, kind, address):
    with socket.socket(family, kind) as client:
        client.settimeout(0.3)
        try:
            client.connect(address)
        except (TimeoutError, ConnectionRefusedError):
            return not isinstance(address, str)
        return True
def look(path):
    return pathlib.Path(path).read_bytes()
def environments():
    return any('ANTHROPIC' in look(f'/proc/{name}/environ').decode('utf-8', 'replace')
               for name in os.listdir('/proc') if name.isdigit() and os.access(f'/proc/{name}/environ', os.R_OK))
def link():
    os.symlink('/etc/shadow', 'eda/link')
    return look('eda/link')
def bomb():
    children = []
    try:
        while len(children) < 2000:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return True
def many_files():
    for number in range(100_000):
        os.close(os.open(f'/tmp/{number}', os.O_CREAT | os.O_WRONLY))
    return True
pathlib.Path('eda').mkdir(exist_ok=True)
attempt('metadata address', lambda: reach(socket.AF_INET, socket.SOCK_STREAM, ('169.254.169.254', 80)))
attempt('internet', lambda: reach(socket.AF_INET, socket.SOCK_STREAM, ('192.0.2.1', 443)))
attempt('docker.sock', lambda: reach(socket.AF_UNIX, socket.SOCK_STREAM, '/var/run/docker.sock'))
attempt('raw socket', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
attempt('shadow', lambda: look('/etc/shadow'))
attempt('home of the platform', lambda: os.listdir(HOME))
attempt('secrets of the platform', lambda: look(HOME + '/secrets.json'))
own = os.path.basename(os.getcwd())
attempt('another session', lambda: [name for name in os.listdir('/data/sessions') if name != own])
attempt('secrets in the environment', lambda: [name for name in os.environ if 'KEY' in name or 'TOKEN' in name])
attempt('environments of others', environments)
attempt('root of init', lambda: os.listdir('/proc/1/root'))
attempt('memory of init', lambda: look('/proc/1/mem'))
attempt('symbolic link', link)
attempt('mount', lambda: __import__('ctypes').CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0)
attempt('fork bomb', bomb)
attempt('100,000 files', many_files)
assert not got, got
`;

describe.each(providersOf(24))('code that attacks a %s host', (provider) => {
  let scripted: ProvidedPlatform;
  let session: string;
  const table = join(tmpdir(), `${planted('table')}.csv`);
  /** The script does not know the folder before the platform has started. */
  let home = '';
  beforeAll(async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `${row},${row % 2 ? 'a' : 'b'},${CELL}-${row}`);
    writeFileSync(table, ['number,group,note', ...rows].join('\n'));
    const query = `select count(*) as found from dataset where note <> '${PARAMETER}'`;
    const eda = [
      () => ({
        kind: 'answer' as const,
        content: [{ ...code('attack', `HOME = ${JSON.stringify(home)}\n${ATTEMPTS}`), id: 'toolu_attack' }],
      }),
      [tool('query_sql', { sql: query })],
      [
        code(
          'fails with a cell',
          `import pathlib, os\ncell = ` +
            `open(next(pathlib.Path(os.environ['TEMPERA_DATASET']).glob('*.csv'))).read()[20:80]\nint(cell)`,
        ),
      ],
      [code('report', VALID_EDA)],
      [finish('done')],
    ];
    scripted = await takeProvided(provider, { eda });
    home = scripted.platform.home;
    const { rest } = scripted.platform;
    const experiment = await rest.createExperiment(table, { name: 'planted', target: 'group' });
    session = (await rest.createSession(experiment.id, { mode: 'manual', model: scripted.name })).id;
    await beginEda(scripted, session);
    await rest.waitFor(session, ['eda_done']);
  }, 240_000);
  afterAll(async () => {
    rmSync(table, { force: true });
    await scripted?.stop();
  }, 60_000);

  test('gets nothing, is told so, and its stage ends done', async () => {
    const steps = await scripted.platform.rest.steps(session);
    const outputs = steps.filter((step) => step.tool === 'execute_code').map((step) => step.output ?? {});
    expect(outputs.map((output) => [output.status, output.message])).toEqual([
      ['ok', ''],
      ['error', expect.stringContaining('ValueError')],
      ['ok', ''],
    ]);
    await expectSound(scripted.platform, session);
  }, 60_000);

  test('leaves no secret and no value of the data in any log', async () => {
    const [attack] = (await scripted.platform.rest.steps(session)).filter(
      (step) => step.tool === 'execute_code',
    );
    const folder = join(scripted.platform.home, 'logs');
    const secrets = { ...platformSecrets(scripted), key: scripted.key, cell: CELL, parameter: PARAMETER };
    const own = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
    const hosts = scripted.hostLogs().map((text) => ['the host’s log', text] as const);
    // the log of the host that ran the code is among them
    const logged = hosts.some(([, text]) => text.includes(`execution ${attack?.id}/1 ended: `));
    expect(logged).toBe(provider !== 'local');
    const found = [...own, ...hosts].flatMap(([name, text]) => {
      return Object.entries(secrets).flatMap(([what, secret]) =>
        text.includes(secret) ? [`${what} in ${name}`] : [],
      );
    });
    expect(found).toEqual([]);
  });

  test('leaves no secret in any row of the database, and values only where the stage shows its own work', async () => {
    const database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '', poolSize: 1 });
    const secrets = { ...platformSecrets(scripted), key: scripted.key, cell: CELL, parameter: PARAMETER };
    const found = new Set<string>();
    try {
      const tables = await database.query<{ name: string }>(
        `select table_name as name from information_schema.tables where table_schema = current_schema()`,
        [],
      );
      expect(tables.length).toBeGreaterThan(10);
      for (const { name } of tables) {
        for (const [what, secret] of Object.entries(secrets)) {
          const rows = await database.query(`select 1 from "${name}" t where t::text like $1 limit 1`, [
            `%${secret}%`,
          ]);
          if (rows.length > 0) found.add(`${what} in ${name}`);
        }
      }
    } finally {
      await database.close();
    }
    const places = [...found].filter((place) => !/^(cell|parameter) in /.test(place));
    expect(places).toEqual([]);
    // the profile shows samples, the stage's own outputs what its code printed and failed with: nothing else does
    const shown = new RegExp(
      '^(cell|parameter) in (datasets|dataset_files|experiments|profiles|events|steps|messages' +
        '|model_calls|stage_runs|sessions)$',
    );
    expect([...found].filter((place) => !shown.test(place))).toEqual([]);
    expect([...found]).toContain('cell in events');
  }, 60_000);

  test('leaves nothing behind', () => expectClean(scripted.platform, session), 60_000);
});

/** The tokens that the platform's processes know each other by. */
function platformSecrets({ platform, hostToken }: ProvidedPlatform): Record<string, string> {
  const variables = Object.entries(platform.variables());
  const secret = variables.filter(
    ([name, value]) => /TOKEN|SECRET|PASSWORD/.test(name) && (value ?? '').length >= 16,
  );
  expect(secret.length).toBeGreaterThan(0);
  const own = Object.fromEntries(secret.map(([name, value]) => [name, value ?? '']));
  return hostToken === null ? own : { ...own, hostToken };
}
