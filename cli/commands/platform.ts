/** Commands about the platform itself. */

import { join } from 'node:path';
import { settingValues, showConfig, writeResolved } from '../../config/index.ts';
import { runPreflight } from '../../config/preflight.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { tableOf } from '../output.ts';
import { apiUrl, clientOf } from '../platform-control.ts';
import { Anything } from '../records.ts';
import { doctorText } from './doctor.ts';
import { drainedHosts } from './endpoints.ts';
import { firstSample, SAMPLE } from './first-sample.ts';
import { runFile, runOptions } from './run.ts';
import { statusText } from './status-text.ts';

const start: Command = {
  name: 'start',
  usage: '',
  summary: 'Starts the platform in the background and returns when it is ready.',
  options: { detach: { type: 'boolean' } },
  arguments: [0, 0],
  async run({ platform, output }) {
    const running = (await platform.find()) ?? (await platform.start());
    output.result(running, `Tempera is at ${apiUrl(running)}\n`);
    return undefined;
  },
};

const stop: Command = {
  name: 'stop',
  usage: '',
  summary: 'Stops the platform of this home.',
  arguments: [0, 0],
  async run({ platform, output }) {
    const stopped = await platform.stop();
    output.result({ stopped }, stopped ? 'Stopped.\n' : 'Nothing was running.\n');
    return undefined;
  },
};

const status: Command = {
  name: 'status',
  usage: '',
  summary: 'Shows every part with its address, process and state.',
  arguments: [0, 0],
  run: (context) => showStatus(context),
};

async function showStatus({ platform, output, config }: CommandContext): Promise<number> {
  const running = await platform.find();
  if (!running) {
    output.result({ running: false }, 'Not running. Start it with: npm start\n');
    return EXIT.unreachable;
  }
  // what the parts say of themselves; without it the supervisor's word stands alone
  const client = clientOf(running, { config });
  const parts = await client.request(Anything, '/api/status').catch(() => null);
  const drained = parts === null ? [] : await drainedHosts(client);
  const lines = drained.map((line) => `${line}\n`).join('');
  output.result({ running: true, ...running, parts, drained }, `${statusText(running, parts, 100)}${lines}`);
  return parts === null ? EXIT.unreachable : EXIT.done;
}

const doctor: Command = {
  name: 'doctor',
  usage: '',
  summary: 'Checks the settings, every part and how well the sandbox isolates.',
  arguments: [0, 0],
  async run(context) {
    const running = await context.platform.find();
    const checks = await runPreflight(context.config, { running: running !== null });
    const client = running && clientOf(running, { config: context.config });
    const parts = client ? await client.request(Anything, '/api/status').catch(() => null) : null;
    const drained = client && parts !== null ? await drainedHosts(client) : [];
    const lines = drained.map((line) => `${line}\n`).join('');
    context.output.result(
      { running: running !== null, checks, parts, drained },
      `${doctorText(checks, parts)}${lines}`,
    );
    return checks.some((check) => check.level === 'deny') ? EXIT.failed : EXIT.done;
  },
};

const preflight: Command = {
  name: 'preflight',
  usage: '',
  summary: 'Says what would keep the platform from starting, and what to mend.',
  arguments: [0, 0],
  async run({ config, output, platform, terminal }) {
    const running = (await platform.find()) !== null;
    const checks = await runPreflight(config, { running });
    const denied = checks.some((check) => check.level === 'deny');
    const table = checks.length > 0 ? tableOf(checks, terminal.columns) : '';
    output.result({ checks }, denied ? table : `${table}Nothing keeps the platform from starting.\n`);
    return denied ? EXIT.failed : EXIT.done;
  },
};

const show: Command = {
  name: 'config show',
  usage: '',
  summary: 'Prints every setting, secrets masked.',
  arguments: [0, 0],
  async run({ config, output }) {
    const settings = settingValues(config).map(({ secret, value, ...rest }) => ({
      ...rest,
      value: secret && value ? '******' : value,
    }));
    output.result({ settings }, showConfig(config));
    return undefined;
  },
};

const resolved: Command = {
  name: 'config resolve',
  usage: '',
  summary: 'Writes the settings as KEY=value lines to build/config/tempera.env.',
  arguments: [0, 0],
  async run({ config, output }) {
    const file = await writeResolved(config);
    output.result({ file }, `${file}\n`);
    return undefined;
  },
};

const sample: Command = {
  name: 'sample',
  usage: '[--once] [--out FOLDER] [--force] [--timeout SECONDS]',
  summary:
    'Runs the bundled sample (penguins, target species); with --once only where a new ' +
    'platform lacks it, without waiting.',
  options: { ...runOptions, once: { type: 'boolean' } },
  arguments: [0, 0],
  run: (context, _, { once, ...values }) =>
    once === true
      ? sampleOnce(context)
      : runFile(context, join(context.config.root, SAMPLE.table), {
          ...{ target: SAMPLE.target, name: SAMPLE.name },
          ...values,
        }),
};

async function sampleOnce({ api, config, output }: CommandContext): Promise<number> {
  const client = await api();
  const { session, made } = await firstSample(client, config);
  const text = made
    ? `A first session, so that there is something to look at: ${client.url}/sessions/${session}\n`
    : '';
  output.result({ session, made }, text);
  return EXIT.done;
}

export const platformCommands: Command[] = [start, stop, status, doctor, preflight, show, resolved, sample];
