/** Before the first file of the group: the platforms that its files share. */

import { keepShared } from '../sandbox-hosts/taken.ts';

declare global {
  var stopShared: (() => Promise<void>) | undefined;
}

export default async function setUp(): Promise<void> {
  globalThis.stopShared = await keepShared();
}
