/** Commands about sandbox hosts. */

import { resolve } from 'node:path';
import { isHostName, makeCertificates } from '../certificates.ts';
import type { Command } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { wholeNumber } from './option-values.ts';

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

export const sandboxCommands: Command[] = [certificates];
