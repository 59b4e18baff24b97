/**
 * What measures inside the page. `installProbe` is handed to the browser as text, before the page's own scripts: it
 * may use nothing from outside itself. All times are milliseconds since the page's navigation began.
 */

/** A part of the page: elements of `selector`, of which one holds `text`, or at least `least`. */
export interface Sight {
  selector: string;
  text?: string;
  least?: number;
}

export interface Probe {
  /** When all parts were first there in a frame that has been drawn. */
  drawn(sights: Sight[]): Promise<number>;
  /** When the last click on the page began; NaN before the first. */
  clickedAt(): number;
  /** When the last answer to an address that holds `part` had arrived whole; NaN without one. */
  arrivedAt(part: string): number;
  /** Scrolls an element up and down for `seconds`. @returns the milliseconds of every frame */
  scroll(selector: string, seconds: number): Promise<number[]>;
  /** Points whose value is the time of their log(), in milliseconds since 1970: [logged, drawn], each once. */
  livePoints(): [number, number][];
}

declare global {
  interface Window {
    probe: Probe;
  }
}

export function installProbe(): void {
  /** Pixels a frame, each for a second: reading, flinging, dragging the bar. */
  const speeds = [30, 300, 3_000, 30_000];
  let clicked = Number.NaN;
  addEventListener('click', (event) => (clicked = event.timeStamp), { capture: true });

  const isThere = ({ selector, text, least = 1 }: Sight): boolean => {
    const found = [...document.querySelectorAll(selector)];
    return (
      found.length >= least &&
      (text === undefined ||
        found.some((each) => each.textContent?.replace(/\s+/g, ' ').includes(text) === true))
    );
  };
  /** A message comes after the frame that is being made now has been drawn. */
  const afterFrame = (then: () => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    requestAnimationFrame(() => port2.postMessage(null));
  };

  const live = new Map<number, number>();
  const watch = (): void => {
    for (const element of document.querySelectorAll('.panel [title]')) {
      // every digit, as a title has them: in groups of three
      const value = Number(element.getAttribute('title')?.replaceAll(',', ''));
      // seconds since 1970 of this century; other values are none of ours
      if (value > 1.5e9 && value < 5e9 && !live.has(value)) {
        live.set(value, Number.NaN);
        afterFrame(() => live.set(value, performance.timeOrigin + performance.now()));
      }
    }
    setTimeout(watch, 4);
  };

  window.probe = {
    drawn: (sights) =>
      new Promise((resolve) => {
        const poll = (): void => {
          if (sights.every(isThere)) afterFrame(() => resolve(performance.now()));
          else setTimeout(poll, 4);
        };
        poll();
      }),
    clickedAt: () => clicked,
    arrivedAt: (part) =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.includes(part))
        .reduce((_, entry) => (entry as PerformanceResourceTiming).responseEnd, Number.NaN),
    scroll: (selector, seconds) =>
      new Promise((resolve, reject) => {
        const box = document.querySelector(selector);
        if (box === null) {
          reject(new Error(`nothing is ${selector}`));
          return;
        }
        const frames: number[] = [];
        let [begun, last, direction] = [Number.NaN, Number.NaN, -1];
        const step = (): void => {
          const now = performance.now();
          if (Number.isNaN(begun)) begun = now;
          else frames.push(now - last);
          last = now;
          if (now - begun > seconds * 1_000) {
            resolve(frames);
            return;
          }
          const end = box.scrollHeight - box.clientHeight;
          if (box.scrollTop <= 0) direction = 1;
          else if (box.scrollTop >= end - 1) direction = -1;
          const speed = speeds[Math.floor((now - begun) / 1_000) % speeds.length] ?? 30;
          // as a person's wheel: the list leaves its end only when it is pushed
          box.dispatchEvent(new WheelEvent('wheel', { deltaY: direction * speed, bubbles: true }));
          box.scrollTop += direction * speed;
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    livePoints: () => {
      if (live.size === 0) watch();
      return [...live].map(([value, at]) => [value * 1_000, at]);
    },
  };
}

/** The planted slowdown: every frame takes `milliseconds` longer. */
export function slowFrames(milliseconds: number): void {
  const burn = (): void => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
    requestAnimationFrame(burn);
  };
  requestAnimationFrame(burn);
}
