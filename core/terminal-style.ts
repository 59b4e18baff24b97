/** Colours and weights of terminal text: what `ESC [ … m` (SGR) changes. */

/** One of the terminal's 16 colours (0 to 15), or red, green and blue as `#rrggbb`; null is the terminal's own. */
export type TerminalColor = number | string | null;

/** Never changed: text of one style shares one. */
export interface TerminalStyle {
  readonly color: TerminalColor;
  readonly background: TerminalColor;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export const PLAIN: TerminalStyle = Object.freeze({
  color: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
});

const SWITCHES: Readonly<Record<number, Partial<TerminalStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { color: null },
  49: { background: null },
};

/** The style that `numbers` make of `style`. Numbers that mean nothing here are passed over. */
export function styled(style: TerminalStyle, numbers: readonly number[]): TerminalStyle {
  let next = style;
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(numbers.slice(at + 1, at + 6));
      if (color !== null) next = { ...next, [code === 38 ? 'color' : 'background']: color };
      at += used;
      continue;
    }
    next = { ...next, ...(SWITCHES[code] ?? basicColor(code)) };
  }
  return next;
}

function basicColor(code: number): Partial<TerminalStyle> {
  if (code >= 30 && code <= 37) return { color: code - 30 };
  if (code >= 90 && code <= 97) return { color: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 100 + 8 };
  return {};
}

/** `5;n` of the palette or `2;r;g;b`: the colour and how many numbers name it. */
function extendedColor([kind, ...rest]: readonly number[]): [TerminalColor, number] {
  if (kind === 5) return [paletteColor(rest[0] ?? 0), 2];
  if (kind === 2) return [rgb(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4];
  return [null, 1];
}

/** The palette of 256: the 16, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColor(index: number): TerminalColor {
  if (index < 16) return index;
  if (index > 255) return null;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return rgb(grey, grey, grey);
  }
  const level = (of: number) => (of === 0 ? 0 : 55 + of * 40);
  const place = index - 16;
  return rgb(level(Math.floor(place / 36)), level(Math.floor(place / 6) % 6), level(place % 6));
}

const rgb = (...parts: [number, number, number]): string =>
  `#${parts.map((part) => Math.min(255, part).toString(16).padStart(2, '0')).join('')}`;
