/**
 * How large pictures are, before they are loaded: a figure whose room is known moves nothing when it comes. A PNG says
 * it in its first bytes, which are asked for alone.
 */

export interface PictureSize {
  width: number;
  height: number;
}

/** Up to the end of the header that holds the size. */
const HEADER_BYTES = 24;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** A text that is to be read does not wait longer for the sizes of its pictures. */
const PATIENCE_MS = 1_500;

/** The size that a PNG's first bytes tell; null for anything else. */
export function pngSize(bytes: Uint8Array): PictureSize | null {
  if (bytes.length < HEADER_BYTES || SIGNATURE.some((byte, at) => bytes[at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  return width > 0 && height > 0 ? { width, height } : null;
}

/** What is known of pictures by their addresses. */
const known = new Map<string, PictureSize | null>();

export const knownSize = (url: string): PictureSize | null => known.get(url) ?? null;

/** Learns the sizes of what is not known yet; resolves when all are, or it has taken too long. */
export async function learnSizes(
  urls: readonly string[],
  readStart: (url: string, bytes: number) => Promise<Uint8Array>,
): Promise<void> {
  const learning = urls
    .filter((url) => !known.has(url) && /\.png($|\?)/i.test(url))
    .map(async (url) => {
      // a picture that cannot be read has the room that others have
      const start = await readStart(url, HEADER_BYTES).catch(() => null);
      if (start !== null) known.set(url, pngSize(start));
    });
  if (learning.length === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([Promise.all(learning), late]);
  clearTimeout(timer);
}
