/** The Python environment of the peer, jupyter_client with ipykernel. */

import { join } from 'node:path';
import { lockedPython } from '../environment.ts';

/** @returns its Python; made by uv where it is missing, which takes the network once */
export const jupyterPython = (python: string): Promise<string> =>
  lockedPython('jupyter', join('bench', 'sandbox', 'requirements.lock'), python);
