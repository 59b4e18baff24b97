/** Server-sent events out of a byte stream's text: frames may be cut anywhere between two chunks. */

import { createParser } from 'eventsource-parser';

export interface SseFrame {
  event: string;
  id: string | null;
  data: string;
}

export class SseFrames {
  #frames: SseFrame[] = [];
  readonly #parser = createParser({
    onEvent: ({ event = 'message', id = null, data }) => this.#frames.push({ event, id, data }),
  });

  /** The frames that `text` completes. Comments and `retry:` give none. */
  push(text: string): SseFrame[] {
    this.#parser.feed(text);
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}
