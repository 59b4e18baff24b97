/**
 * Jest's command line, which has to end by itself: what keeps it from that after the last test is named, and a
 * failure.
 */

import { run } from 'jest';
import { openHandles } from './left-behind.mjs';

/** Long enough for connections that were told to close, and for children that were told to end. */
const GRACE_MILLISECONDS = 10_000;

await run([...process.argv.slice(2), '--openHandlesTimeout=0']);
setTimeout(() => {
  process.stderr.write(`After the last test these were still open:\n  ${openHandles().join('\n  ')}\n`);
  process.exit(1);
}, GRACE_MILLISECONDS).unref();
