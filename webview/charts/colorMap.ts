/** Diverging palettes run from blue to red through neutral, for signed values; sequential ones from faint to strong. */
export type Palette = 'diverging' | 'sequential';

/** Kinds of VS Code themes. */
export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

type Color = readonly [red: number, green: number, blue: number];

/**
 * Evenly spaced colors from byte 0 to byte 255. The neutral or weakest color is close to the theme's background, and
 * lightness is monotonic.
 */
const stops: Readonly<Record<ThemeKind, Readonly<Record<Palette, readonly Color[]>>>> = {
  dark: {
    diverging: [
      [110, 190, 255],
      [30, 104, 196],
      [42, 42, 46],
      [196, 60, 44],
      [255, 150, 120],
    ],
    sequential: [
      [28, 26, 40],
      [92, 44, 118],
      [192, 66, 96],
      [245, 138, 62],
      [255, 232, 140],
    ],
  },
  light: {
    diverging: [
      [8, 60, 140],
      [66, 140, 216],
      [244, 244, 244],
      [226, 96, 76],
      [140, 14, 20],
    ],
    sequential: [
      [255, 250, 226],
      [252, 190, 110],
      [220, 92, 92],
      [122, 36, 112],
      [34, 12, 66],
    ],
  },
  highContrast: {
    diverging: [
      [150, 212, 255],
      [20, 110, 220],
      [0, 0, 0],
      [214, 48, 30],
      [255, 180, 150],
    ],
    sequential: [
      [0, 0, 0],
      [104, 30, 140],
      [214, 56, 96],
      [255, 146, 48],
      [255, 246, 190],
    ],
  },
  highContrastLight: {
    diverging: [
      [0, 30, 100],
      [40, 120, 210],
      [255, 255, 255],
      [220, 70, 50],
      [110, 0, 6],
    ],
    sequential: [
      [255, 255, 255],
      [250, 178, 92],
      [206, 70, 86],
      [104, 20, 100],
      [16, 0, 44],
    ],
  },
};

/** Returns 256 colors as RGBA bytes, the lowest value first. */
export function colorMap(palette: Palette, theme: ThemeKind): Uint8ClampedArray<ArrayBuffer> {
  const colors = stops[theme][palette];
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let value = 0; value < 256; value++) {
    const position = (value / 255) * (colors.length - 1);
    const below = Math.min(Math.floor(position), colors.length - 2);
    const fraction = position - below;
    for (let channel = 0; channel < 3; channel++) {
      const low = colors[below]?.[channel] ?? 0;
      const high = colors[below + 1]?.[channel] ?? 0;
      bytes[value * 4 + channel] = low + fraction * (high - low);
    }
    bytes[value * 4 + 3] = 255;
  }
  return bytes;
}

/**
 * Returns the RGBA pixels of a heat map. Cells without a value are transparent.
 * @param holes 1 for each cell without a value; null if every cell has one
 */
export function colorCells(
  values: Uint8Array,
  holes: Uint8Array | null,
  colors: Uint8ClampedArray<ArrayBuffer>,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4);
  // Copies whole pixels. Both views use the same byte order, so the endianness of the machine does not matter.
  const table = new Uint32Array(colors.buffer);
  const target = new Uint32Array(pixels.buffer);
  for (let i = 0; i < values.length; i++) {
    if (holes?.[i] !== 1) target[i] = table[values[i] ?? 0] ?? 0;
  }
  return pixels;
}

/** Black or white, whichever has the higher contrast with a color of three bytes, as WCAG defines it. */
export function textOn(color: ArrayLike<number>): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = Array.from(color, (byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff';
}
