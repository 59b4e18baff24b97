/** The points of a small line in a box of `width` × `height`, as an SVG path; empty for less than two values. */
export function sparkPath(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return '';
  // halves first: between −1e308 and 1e308 lies more than a number holds
  const halves = values.map((value) => value / 2);
  const least = Math.min(...halves);
  const range = Math.max(...halves) - least;
  const place = (value: number, at: number): string => {
    const x = (at / (values.length - 1)) * width;
    const y = range === 0 ? height / 2 : height - ((value - least) / range) * height;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  return `M${halves.map(place).join('L')}`;
}
