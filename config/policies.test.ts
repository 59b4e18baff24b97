import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAllowed } from '../core/access/policies.ts';
import { createPolicyReader, policyFile, readPolicies } from './policies.ts';

const bundled = policyFile(join(__dirname, '..'));
const folder = mkdtempSync(join(tmpdir(), 'tempera-policies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the file that comes along can be read, and holds the roles as the contract has them', () => {
  const { roles } = readPolicies(bundled);
  const requests = Object.entries(roles).map(([name, role]) => [name, role.requests_per_minute]);
  expect(Object.fromEntries(requests)).toEqual({ admin: null, agent: 120, user: 60, readonly: 30 });
  expect(roles.admin.permissions).toEqual(['all']);
  expect(roles.readonly.permissions).toEqual(
    expect.arrayContaining(['discover', 'healthcheck', 'config:read']),
  );
});

test('a changed file counts at once, a broken one leaves the last in force and says why', async () => {
  const file = join(folder, 'policies.yaml');
  const text = readFileSync(bundled, 'utf8');
  writeFileSync(file, text);
  const warnings = new EventEmitter();
  const reader = createPolicyReader(file, {
    warn: (message) => warnings.emit('warning', message),
    intervalMilliseconds: 5,
  });
  const mayDrain = () => isAllowed(reader.current(), { role: 'user' }, 'endpoints:drain');
  try {
    expect(mayDrain()).toBe(false);
    writeFileSync(
      file,
      text.replace('user:\n    permissions:', 'user:\n    permissions:\n      - endpoints:drain'),
    );
    reader.readAgain();
    expect(mayDrain()).toBe(true);
    const warned = once(warnings, 'warning');
    writeFileSync(file, text.replace('- data:read', '- data:reed'));
    // seen by the watch itself
    const [message] = await warned;
    expect(message).toMatch(/roles\.agent\.permissions\.\d+ must be one of .*'data:reed'.*stay in force/s);
    expect(mayDrain()).toBe(true);
    for (const broken of ['', 'roles: [', '- 1']) {
      writeFileSync(file, broken);
      expect(() => readPolicies(file)).toThrow(/cannot be (read|used)/);
    }
  } finally {
    reader.close();
  }
});
