/** Server-sent events out of a byte stream's text: frames may be cut anywhere between two chunks. */

export interface SseFrame {
  event: string;
  id: string | null;
  data: string;
}

export class SseFrames {
  #rest = '';

  /** The frames that `text` completes. Comments and `retry:` give none. */
  push(text: string): SseFrame[] {
    const parts = (this.#rest + text).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = parts.pop() ?? '';
    return parts.flatMap((part) => toFrame(part) ?? []);
  }
}

function toFrame(part: string): SseFrame | null {
  const frame: SseFrame = { event: 'message', id: null, data: '' };
  const data: string[] = [];
  for (const line of part.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    const field = line.slice(0, colon);
    if (field === 'event') frame.event = value;
    else if (field === 'id') frame.id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { ...frame, data: data.join('\n') };
}
