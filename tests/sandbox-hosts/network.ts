/** Network namespaces, as machines of their own: each with an address, joined to this one by a pair of interfaces. */

import { execFileSync } from 'node:child_process';

export interface Machine {
  /** By which this machine calls it. */
  address: string;
  /** What runs a command there. */
  through: string[];
  remove(): void;
}

/** Pairs of addresses (/30) in 198.18.0.0/15, which is kept for tests between machines. */
const PAIRS = 32_768;

/** The two addresses of a machine: other processes that run these tests meanwhile have others. */
function addressesOf(number: number): [string, string] {
  const first = ((process.pid * 4 + number) % PAIRS) * 4;
  const address = (at: number) => `198.${18 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
  return [address(first + 1), address(first + 2)];
}

/** A machine, or null where this one may not make namespaces (that takes root). `number` is from 1 to 4. */
export function makeMachine(number: number): Machine | null {
  const name = `tempera-${process.pid}-${number}`;
  const [here, there] = addressesOf(number);
  const [ours, theirs] = [`tmp${process.pid % 100_000}o${number}`, `tmp${process.pid % 100_000}t${number}`];
  const remove = () => ip('netns', 'delete', name);
  try {
    ip('netns', 'add', name);
  } catch {
    return null;
  }
  try {
    ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', name);
    ip('address', 'add', `${here}/30`, 'dev', ours);
    ip('link', 'set', ours, 'up');
    for (const command of [
      ['address', 'add', `${there}/30`, 'dev', theirs],
      ['link', 'set', theirs, 'up'],
      ['link', 'set', 'lo', 'up'],
    ]) {
      ip('-netns', name, ...command);
    }
  } catch {
    remove();
    return null;
  }
  return { address: there, through: ['nsenter', `--net=/run/netns/${name}`], remove };
}

function ip(...parts: string[]): void {
  execFileSync('ip', parts, { stdio: ['ignore', 'ignore', 'pipe'] });
}
