/** Pictures and styles that did not come while the platform was away. */

interface Picture {
  readonly complete: boolean;
  readonly naturalWidth: number;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
}

/** Asks again for every picture of `page` that was asked for and is not there; a browser does not by itself. */
export function reloadBrokenPictures(page: { querySelectorAll(selector: 'img'): Iterable<Picture> }): void {
  for (const picture of page.querySelectorAll('img')) {
    const source = picture.getAttribute('src');
    if (source && picture.complete && picture.naturalWidth === 0) picture.setAttribute('src', source);
  }
}

interface Style {
  /** null, or without a rule, until it has come and where it did not */
  readonly sheet: { readonly cssRules: { readonly length: number } } | null;
  cloneNode(): unknown;
  replaceWith(style: never): void;
}

/** Asks again for the styles that did not come; an element that failed is not asked for again as it is. */
export function reloadBrokenStyles(page: {
  querySelectorAll(selector: 'link[rel="stylesheet"]'): Iterable<Style>;
}): void {
  for (const style of [...page.querySelectorAll('link[rel="stylesheet"]')]) {
    if ((style.sheet?.cssRules.length ?? 0) === 0) style.replaceWith(style.cloneNode() as never);
  }
}
