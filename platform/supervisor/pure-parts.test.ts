import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisProcess } from '../setup/process.mjs';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { homeKey, openHome } from './home.ts';
import { endLeftovers } from './leftovers.ts';
import { type PlatformStatus, readPlatformStatus, writePlatformStatus } from './platform-status.ts';
import { choosePorts, PORT_NAMES } from './ports.ts';
import { RestartPause } from './restart-pause.ts';

const folder = () => temporaryFolder('home');

test('pauses double to their longest and begin anew after a healthy while', () => {
  const pause = new RestartPause({ minimum: 200, maximum: 1000, healthy: 5000 });
  expect([0, 0, 0, 0, 4999].map((healthy) => pause.after(healthy))).toEqual([200, 400, 800, 1000, 1000]);
  expect([5000, 0].map((healthy) => pause.after(healthy))).toEqual([200, 400]);
});

describe('a home', () => {
  test('keeps its secrets from start to start, for its owner alone', () => {
    const path = folder();
    const first = openHome(path);
    expect(first.isNew).toBe(true);
    expect(openHome(path)).toMatchObject({ isNew: false, secrets: first.secrets });
    expect(statSync(join(path, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(openHome(folder()).secrets.databasePassword).not.toBe(first.secrets.databasePassword);
  });

  test('of an older release gets the secrets that it lacks, and keeps those that it has', () => {
    const path = folder();
    const { secrets } = openHome(path);
    const file = join(path, 'secrets.json');
    expect(homeKey(path)).toBe(secrets.localKey);
    expect(homeKey(folder())).toBeNull();
    const { credentialsKey, ...older } = secrets;
    writeFileSync(file, JSON.stringify(older));
    const now = openHome(path).secrets;
    expect(now).toMatchObject(older);
    expect(now.credentialsKey).toHaveLength(64);
    expect(now.credentialsKey).not.toBe(credentialsKey);
    expect(openHome(path).secrets).toEqual(now);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('of a newer release is refused', () => {
    const path = folder();
    writeFileSync(join(path, 'version.json'), JSON.stringify({ format: 99 }));
    expect(() => openHome(path)).toThrow(/newer release/);
  });
});

describe('ports', () => {
  const free = (taken: number[]) => (port: number) => Promise.resolve(!taken.includes(port));
  const counting = () => {
    let next = 0;
    return () => (next += 0.001);
  };

  test('are the known ones for Temporal where free, and are kept', async () => {
    const file = join(folder(), 'ports.json');
    const first = await choosePorts(file, { isFree: free([]), random: counting() });
    expect(first).toMatchObject({ temporal: 7233 });
    expect(new Set(Object.values(first)).size).toBe(PORT_NAMES.length);
    expect(await choosePorts(file, { isFree: free([]), random: counting() })).toEqual(first);
  });

  test('are others where taken, and a kept one that is taken is given up', async () => {
    const file = join(folder(), 'ports.json');
    const first = await choosePorts(file, { isFree: free([7233]), random: counting() });
    expect(first.temporal).not.toBe(7233);
    const second = await choosePorts(file, { isFree: free([7233, first.s3]), random: counting() });
    expect(second.s3).not.toBe(first.s3);
    expect(second.postgres).toBe(first.postgres);
  });
});

test('a status file counts only while its supervisor lives', () => {
  const home = folder();
  const status: PlatformStatus = {
    ...thisProcess(),
    state: 'ready',
    startedAt: '2026-01-01T00:00:00.000Z',
    home,
    addresses: {
      api: 'http://127.0.0.1:1',
      temporal: null,
      temporalUi: null,
      s3: null,
      sandbox: null,
      postgres: null,
    },
    processes: [],
  };
  expect(readPlatformStatus(home)).toBeNull();
  writePlatformStatus(home, status);
  expect(readPlatformStatus(home)).toEqual(status);
  writePlatformStatus(home, { ...status, startTime: 'another' });
  expect(readPlatformStatus(home)).toBeNull();
});

test('a pid file whose pid belongs to another process by now harms nobody', async () => {
  const pidFolder = folder();
  const stale = { name: 's3', pid: process.pid, startTime: 'long ago', endSignal: 'SIGTERM' };
  writeFileSync(join(pidFolder, 's3.pid.json'), JSON.stringify(stale));
  writeFileSync(join(pidFolder, 'half.pid.json'), '{"pid": 1');
  expect(await endLeftovers(pidFolder, 100)).toEqual([]);
  expect(() => readFileSync(join(pidFolder, 's3.pid.json'))).toThrow();
});
