import { onReachability, onRestored } from '../api/client.ts';
import { reloadBrokenPictures } from './broken-pictures.ts';

/** Whether the platform answers: a page that shows old data says so. */
class Connection {
  #reachable = $state(true);
  #since = $state<number | null>(null);

  get reachable(): boolean {
    return this.#reachable;
  }
  /** Milliseconds since 1970 at which it stopped answering. */
  get lostAt(): number | null {
    return this.#since;
  }

  start(): () => void {
    const stops = [
      onReachability((reachable) => {
        if (reachable === this.#reachable) return;
        this.#reachable = reachable;
        this.#since = reachable ? null : Date.now();
      }),
      onRestored(() => reloadBrokenPictures(document)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

export const connection = new Connection();
