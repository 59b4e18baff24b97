/** How the lines of a chart are told apart: a colour, and a dash for those who do not see colours. */

/** The Okabe–Ito palette; the page's tokens --series-1 … --series-8 adjust it to light and dark. */
export const SERIES_COLORS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#8c6bb1',
  '#7a7a7a',
] as const;

const DASHES: readonly number[][] = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

export interface SeriesStyle {
  color: string;
  dash: number[];
}

/** The style of a chart's line by its place; `token` reads a CSS custom property, '' where there is none. */
export function seriesStyle(place: number, token: (name: string) => string = () => ''): SeriesStyle {
  const at = place % SERIES_COLORS.length;
  const color = token(`--series-${at + 1}`).trim() || (SERIES_COLORS[at] ?? '#0072b2');
  return { color, dash: DASHES[Math.floor(place / SERIES_COLORS.length) % DASHES.length] ?? [] };
}
