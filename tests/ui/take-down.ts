/** After the last browser test. */

export default async function takeDown(): Promise<void> {
  await globalThis.stopBrowserTests?.();
}
