/** After the last file of a group. */

export default async function takeDown(): Promise<void> {
  await globalThis.stopShared?.();
}
