/** Pictures that did not come while the platform was away. */

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
