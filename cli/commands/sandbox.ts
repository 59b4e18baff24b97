/** Commands about sandbox hosts. */

import { resolve } from 'node:path';
import { z } from 'zod';
import { isHostName, makeCertificates } from '../certificates.ts';
import type { Command } from '../command.ts';
import { EXIT, usageError } from '../exit-code.ts';
import { isolationText } from './doctor.ts';
import { wholeNumber } from './option-values.ts';

const Status = z.looseObject({ sandbox: z.looseObject({ runs_agent_code: z.boolean().optional() }) });

const certificates: Command = {
  name: 'sandbox certificates',
  usage: 'FOLDER HOST… [--days N]',
  summary: 'Makes an authority and the certificates for a platform and its sandbox hosts, by openssl.',
  options: { days: { type: 'string' } },
  arguments: [2, 100],
  async run({ output }, [folder = '', ...hosts], values) {
    const wrong = hosts.find((host) => !isHostName(host));
    if (wrong !== undefined) throw usageError(`HOST must be a name or an address, not ${wrong}.`);
    const days = wholeNumber(values, 'days', { least: 1, otherwise: 365 });
    const made = await makeCertificates({ folder: resolve(folder), hosts, days });
    const [authority, platform, ...ofHosts] = made;
    const lines = [
      'For the platform (.env):',
      `  SANDBOX_TLS_AUTHORITY=${authority?.certificate ?? ''}`,
      `  SANDBOX_TLS_CERTIFICATE=${platform?.certificate ?? ''}`,
      `  SANDBOX_TLS_KEY=${platform?.key ?? ''}`,
      ...ofHosts.flatMap(({ of, certificate, key }) => [
        `For the host ${of} (copy these three files to it):`,
        `  --tls-certificate ${certificate} --tls-key ${key} --tls-client-authority ${authority?.certificate ?? ''}`,
      ]),
      `Keep ${authority?.key ?? ''} away from both: it signs further hosts.`,
    ];
    output.result({ certificates: made }, `${lines.join('\n')}\n`);
    return undefined;
  },
};

const doctor: Command = {
  name: 'sandbox doctor',
  usage: '',
  summary:
    'Shows each layer that holds agent code in, as its hosts proved it; fails where agent code is refused.',
  arguments: [0, 0],
  async run({ api, output }) {
    const { sandbox } = await (await api()).request(Status, '/api/status');
    output.result(sandbox, isolationText(sandbox) || 'No sandbox host answers.\n');
    return sandbox.runs_agent_code === true ? EXIT.done : EXIT.failed;
  },
};

export const sandboxCommands: Command[] = [certificates, doctor];
