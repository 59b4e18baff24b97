/**
 * The History API as state. `router.route` and `router.query` follow the address; links of our own origin are
 * taken over from the document, so that pages use plain <a href>. Scroll places are kept by each history entry.
 */

import { type Route, routeOf } from './routes.ts';

export interface Visit {
  /** Takes the present entry's place, so that Back skips it. Default false. */
  replace?: boolean;
}

class Router {
  #url = $state.raw(new URL('http://tempera/'));
  readonly #route = $derived(routeOf(this.#url.pathname));

  get route(): Route {
    return this.#route;
  }
  get path(): string {
    return this.#url.pathname;
  }
  get query(): URLSearchParams {
    return this.#url.searchParams;
  }
  get hash(): string {
    return this.#url.hash;
  }

  /** Follows the window's address until the returned function is called. */
  start(): () => void {
    const read = (): void => {
      this.#url = new URL(location.href);
    };
    read();
    window.addEventListener('popstate', read);
    document.addEventListener('click', this.#onclick);
    return () => {
      window.removeEventListener('popstate', read);
      document.removeEventListener('click', this.#onclick);
    };
  }

  /** Goes to an address of ours: a path with or without query. */
  go(to: string, { replace = false }: Visit = {}): void {
    const url = new URL(to, location.href);
    if (url.href === location.href) return;
    if (replace) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    this.#url = url;
  }

  /** Changes some of the query; null takes a value out. Replaces the history entry unless told otherwise. */
  setQuery(change: Record<string, string | null>, visit: Visit = { replace: true }): void {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    this.go(`${url.pathname}${url.search}${url.hash}`, visit);
  }

  readonly #onclick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
    if (url.pathname === location.pathname && url.search === location.search && url.hash !== '') return;
    event.preventDefault();
    this.go(url.href);
  };
}

export const router = new Router();
