import assert from 'node:assert/strict';
import fc from 'fast-check';
import { colorCells, colorMap, type Palette, type ThemeKind } from '../../../webview/charts/colorMap.ts';

const KINDS: readonly ThemeKind[] = ['dark', 'light', 'highContrast', 'highContrastLight'];
const BACKGROUNDS: Readonly<Record<ThemeKind, readonly number[]>> = {
  dark: [0x1f, 0x1f, 0x1f],
  light: [255, 255, 255],
  highContrast: [0, 0, 0],
  highContrastLight: [255, 255, 255],
};

/** Relative luminance (WCAG 2). */
function luminance(color: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const colorOf = (palette: Palette, kind: ThemeKind, value: number) => [
  ...colorMap(palette, kind).subarray(value * 4, value * 4 + 3),
];

/** Signs of the changes in lightness from one byte to the next. */
function lightnessChanges(palette: Palette, kind: ThemeKind, from: number, to: number): Set<number> {
  const values = Array.from({ length: to - from + 1 }, (_, i) => luminance(colorOf(palette, kind, from + i)));
  return new Set(
    values
      .slice(1)
      .map((value, i) => Math.sign(value - (values[i] ?? 0)))
      .filter((sign) => sign !== 0),
  );
}

describe('color maps', () => {
  for (const kind of KINDS) {
    it(`separate strong from weak values, with weak ones near the background (${kind})`, () => {
      for (const [palette, weak, strong] of [
        ['sequential', 0, [255]],
        ['diverging', 128, [0, 255]],
      ] as const) {
        const neutral = colorOf(palette, kind, weak);
        assert.ok(contrast(neutral, BACKGROUNDS[kind]) < 1.3, `${palette} neutral`);
        for (const value of strong)
          assert.ok(contrast(colorOf(palette, kind, value), neutral) >= 4.5, `${palette} ${value}`);
      }
    });

    it(`have monotonic lightness (${kind})`, () => {
      assert.equal(lightnessChanges('sequential', kind, 0, 255).size, 1);
      assert.equal(lightnessChanges('diverging', kind, 0, 127).size, 1);
      assert.equal(lightnessChanges('diverging', kind, 128, 255).size, 1);
    });

    it(`are blue below the middle and red above it (${kind})`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 100 }), (value) => {
          const [red = 0, , blue = 0] = colorOf('diverging', kind, value);
          const [otherRed = 0, , otherBlue = 0] = colorOf('diverging', kind, 255 - value);
          assert.ok(blue > red && otherRed > otherBlue);
        }),
      );
    });
  }

  it('color each cell by its byte, and leave holes transparent', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        fc.infiniteStream(fc.constantFrom(0, 1)),
        (values, stream) => {
          const holes = Uint8Array.from(values, () => stream.next().value ?? 0);
          const colors = colorMap('diverging', 'dark');
          const pixels = colorCells(values, holes, colors);
          values.forEach((value, i) => {
            const expected = holes[i] === 1 ? [0, 0, 0, 0] : [...colors.subarray(value * 4, value * 4 + 4)];
            assert.deepEqual([...pixels.subarray(i * 4, i * 4 + 4)], expected);
          });
        },
      ),
    );
  });
});
