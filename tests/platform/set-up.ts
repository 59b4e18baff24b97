/** Before the first file of a group: the platform that its files share. */

import { isShared, startShared } from './shared.ts';

declare global {
  var stopShared: (() => Promise<void>) | undefined;
}

export default async function setUp(): Promise<void> {
  if (!isShared()) globalThis.stopShared = await startShared();
}
