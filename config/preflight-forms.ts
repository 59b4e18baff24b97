/** Addresses whose form cannot be right, each said with the form that is. */

import { configuredKeys } from './api-keys.ts';
import { deny, type PreflightCheck, wordsOf } from './preflight-check.ts';
import type { Config } from './schema.ts';

const WEB = ['http:', 'https:'];

interface Form {
  about: string;
  variable: string;
  value: string | null;
  schemes: string[];
  example: string;
}

/** What is a URL, with the schemes that its part understands. */
function urlsOf({ database, s3, temporal, model, sandbox }: Config): Form[] {
  return [
    {
      about: 'database.url',
      variable: 'DATABASE_URL',
      value: database.url,
      schemes: ['postgres:', 'postgresql:'],
      example: 'postgres://USER:PASSWORD@HOST:5432/DATABASE',
    },
    {
      about: 's3.endpoint',
      variable: 'S3_ENDPOINT',
      value: s3.endpoint,
      schemes: WEB,
      example: 'https://HOST:9000',
    },
    {
      about: 'temporal.uiUrl',
      variable: 'TEMPORAL_UI_URL',
      value: temporal.uiUrl,
      schemes: WEB,
      example: 'http://HOST:8233',
    },
    {
      about: 'model.anthropic.baseUrl',
      variable: 'ANTHROPIC_BASE_URL',
      value: model.anthropic.baseUrl,
      schemes: WEB,
      example: 'https://api.anthropic.com',
    },
    {
      about: 'sandbox.modal.serverUrl',
      variable: 'MODAL_SERVER_URL',
      value: sandbox.modal.serverUrl,
      schemes: WEB,
      example: 'https://api.modal.com:443',
    },
  ];
}

/** What is not of the form that its part understands. */
export function checkForms(config: Config): PreflightCheck[] {
  const { temporal, sandbox, origins } = config;
  const hosts = [
    { about: 'temporal.address', variable: 'TEMPORAL_ADDRESS', value: temporal.address },
    ...(sandbox.address ?? '')
      .split(',')
      .flatMap((each) => each.trim() || [])
      .map((value) => ({ about: 'sandbox.address', variable: 'SANDBOX_ADDRESS', value })),
  ];
  return [
    ...keyProblem(config),
    ...urlsOf(config).flatMap(urlProblem),
    ...hosts.flatMap(({ about, variable, value }) =>
      value === null || /^(\[[0-9a-f:]+\]|[^\s:/@[\]]+):\d{1,5}$/i.test(value)
        ? []
        : deny(
            about,
            `'${value}' is no host with its port.`,
            `Set ${variable} to the form HOST:PORT, without a scheme.`,
          ),
    ),
    ...origins.flatMap((origin) =>
      URL.canParse(origin) && WEB.includes(new URL(origin).protocol) && new URL(origin).origin === origin
        ? []
        : deny(
            'origins',
            `'${origin}' is no origin of the web.`,
            'Set TEMPERA_ORIGINS to origins such as https://example.org, without a path, separated by commas.',
          ),
    ),
  ];
}

function keyProblem(config: Config): PreflightCheck[] {
  try {
    configuredKeys(config);
    return [];
  } catch (error) {
    return deny('access.keys', wordsOf(error), 'Mend TEMPERA_API_KEYS; docs/security.md shows its form.');
  }
}

function urlProblem({ about, variable, value, schemes, example }: Form): PreflightCheck[] {
  if (value === null || value === '') return [];
  const url = URL.canParse(value) ? new URL(value) : null;
  // without its value, which may hold a password
  if (url === null) return deny(about, 'It is no URL.', `Set ${variable} to the form ${example}.`);
  if (schemes.includes(url.protocol) && url.hostname !== '') return [];
  const allowed = schemes.map((scheme) => `${scheme}//`).join(' or ');
  return deny(
    about,
    `It begins with ${url.protocol} and not with ${allowed}.`,
    `Set ${variable} to the form ${example}.`,
  );
}
