/** Back-up and restore, as the command line loads them when it needs them. */

export { backUp } from './back-up.ts';
export { restore } from './restore.ts';
