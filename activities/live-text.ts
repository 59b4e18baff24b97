/** Collects streamed text and hands it on at most every 40 ms: what is lost on the way costs liveliness only. */

export const LIVE_INTERVAL_MS = 40;
/** Characters of one delta: its JSON must fit a NOTIFY payload of 8,000 bytes, at up to 6 bytes a character. */
const LIVE_CHARACTERS = 1_000;

export function createLiveText(publish: (offset: number, text: string) => void, interval = LIVE_INTERVAL_MS) {
  let start = 0;
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    for (let from = 0; from < waiting.length; from += LIVE_CHARACTERS) {
      publish(start + from, waiting.slice(from, from + LIVE_CHARACTERS));
    }
    start += waiting.length;
    waiting = '';
  }

  function tick(): void {
    timer = null;
    if (waiting === '') return;
    flush();
    timer = setTimeout(tick, interval);
  }

  return {
    /** @param offset of `text` in the answer, UTF-16 units */
    push(text: string, offset: number): void {
      if (waiting === '') start = offset;
      waiting += text;
      if (timer) return;
      flush();
      timer = setTimeout(tick, interval);
    },
    end(): void {
      if (timer) clearTimeout(timer);
      timer = null;
      flush();
    },
  };
}
