/** Moves the focus to the next (1) or the previous (-1) place of a list: elements that carry `data-place`. */
export function movePlace(list: HTMLElement | undefined, step: 1 | -1): void {
  const places = [...(list?.querySelectorAll<HTMLElement>('[data-place]') ?? [])];
  const at = places.findIndex((place) => place.contains(document.activeElement));
  const next =
    at < 0 ? (step > 0 ? 0 : places.length - 1) : Math.min(places.length - 1, Math.max(0, at + step));
  places[next]?.focus();
}
