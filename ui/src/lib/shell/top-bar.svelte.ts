/** What a page puts into the top bar: the path of where one is. A true global: there is one bar. */

export interface Crumb {
  label: string;
  href?: string;
  /** Shown as a skeleton until the name is known. */
  waiting?: boolean;
}

class TopBar {
  #path = $state.raw<readonly Crumb[]>([]);

  get path(): readonly Crumb[] {
    return this.#path;
  }

  /** Sets the path; call it in an effect and return what it returns, which takes the path away again. */
  set(path: readonly Crumb[]): () => void {
    this.#path = path;
    return () => {
      if (this.#path === path) this.#path = [];
    };
  }
}

export const topBar = new TopBar();
