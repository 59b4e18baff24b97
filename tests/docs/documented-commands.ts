/** Every command that README and manual tell a person to type, as it is written there. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DocumentedCommand {
  file: string;
  /** Without the prompt and the comment behind it. */
  command: string;
}

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const PROGRAM =
  /^(\$ )?((?:[A-Z_]+=\S+ )*(npm|npx|tempera|node|python|curl|temporal|grpcurl|cd) .*|npm start)$/;
const INLINE = /`((?:npm (?:start|run|test|ci)|npx|tempera) [^`]*|npm (?:start|test))`/g;

/** In blocks, where `\` goes on in the next line, and within sentences. */
export function documentedCommands(): DocumentedCommand[] {
  return PAGES.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [
      ...blockLines(text).flatMap(commandIn),
      ...[...text.matchAll(INLINE)].map(([, inline = '']) => inline),
    ].map((command) => ({ file, command: command.replaceAll('\n', ' ') }));
  });
}

function commandIn(line: string): string[] {
  const found = PROGRAM.exec(line.trim())?.[2];
  return found === undefined ? [] : [found.replace(/ +#.*$/, '').trim()];
}

/** Lines of code blocks, indented or fenced. */
function blockLines(text: string): string[] {
  let fenced = false;
  const lines: string[] = [];
  for (const line of text.replaceAll(/\\\n\s*/g, '').split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    else if (fenced || line.startsWith('    ')) lines.push(line);
  }
  return lines;
}
