/** The table of docs/configuration.md, so that no setting is undocumented and nothing documented is missing. */

import { relative } from 'node:path';
import type { Config } from './schema.ts';
import { settingValues } from './show.ts';

/** A Markdown table of every setting of a `config` that was loaded with no variable set. */
export function settingsTable(config: Config): string {
  const rows = settingValues(config).map(({ path, variable, value, description }) => {
    const shown = path === 'home' && value !== null ? relative(config.root, value) : value;
    return `| \`${path}\` | \`${variable}\` | ${shown ? `\`${shown}\`` : '–'} | ${description} |`;
  });
  return ['| setting | variable | default | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
