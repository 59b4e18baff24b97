/** The table of docs/configuration.md, so that no setting is undocumented and nothing documented is missing. */

import { relative } from 'node:path';
import type { Config } from './schema.ts';
import { settingValues } from './show.ts';

/** A Markdown table of every setting of a `config` that was loaded with no variable set; its columns are aligned. */
export function settingsTable(config: Config): string {
  const rows = settingValues(config).map(({ path, variable, value, description }) => {
    const shown = path === 'home' && value !== null ? relative(config.root, value) : value;
    return [`\`${path}\``, `\`${variable}\``, shown ? `\`${shown}\`` : '–', description];
  });
  const header = ['setting', 'variable', 'default', 'what it is'];
  const widths = header.map((_, at) => Math.max(...[header, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (cells: string[], fill: string) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0, fill)).join(' | ')} |`;
  const rule = line(
    header.map(() => ''),
    '-',
  );
  return [line(header, ' '), rule, ...rows.map((row) => line(row, ' '))].join('\n');
}
