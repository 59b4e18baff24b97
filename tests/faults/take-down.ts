/** After the last file of the group. */

export default async function takeDown(): Promise<void> {
  await globalThis.stopShared?.();
}
