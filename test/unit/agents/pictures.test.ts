import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { picturePoints } from '../../../src/agents/curves.ts';
import { drawPicture } from '../../../src/agents/pictures/drawPicture.ts';
import { glyphsOf } from '../../../src/agents/pictures/font.ts';
import { logTicks, roundTicks } from '../../../src/agents/pictures/ticks.ts';
import { chunksOf } from '../../../src/format/apng.ts';
import { crc32 } from '../../../src/format/crc32.ts';
import { joinBytes, utf8 } from '../../../src/format/bytes.ts';
import type { AgentPicture } from '../../../src/protocol/agentPicture.ts';

/** Most bytes of a picture. */
const MOST_BYTES = 60 * 1024;

/** The pixels of a picture as colors `r,g,b`, by line. Checks the file on the way. */
function pixelsOf(png: Uint8Array): string[][] {
  const view = new DataView(png.buffer, png.byteOffset);
  let at = 8;
  for (const { type, data } of chunksOf(png)) {
    assert.equal(view.getUint32(at + 8 + data.length), crc32(joinBytes([utf8(type), data])));
    at += 12 + data.length;
  }
  const [header, ...rest] = chunksOf(png);
  assert.ok(header);
  const size = new DataView(header.data.buffer, header.data.byteOffset);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  const bytes = inflateSync(joinBytes(rest.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  assert.equal(bytes.length, height * (1 + 3 * width));
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) =>
      bytes
        .subarray(y * (1 + 3 * width) + 1 + 3 * x)
        .subarray(0, 3)
        .join(),
    ),
  );
}

const value = fc.oneof({ weight: 9, arbitrary: fc.double({ noNaN: true, min: -1e9, max: 1e9 }) }, fc.constant(null));

const curvesOf = fc.record({
  kind: fc.constant('curves' as const),
  title: fc.string({ unit: 'grapheme' }),
  unit: fc.string(),
  curves: fc.array(
    fc.record({
      label: fc.string({ unit: 'grapheme', maxLength: 200 }),
      points: fc.array(fc.tuple(fc.nat(1e9), value), { maxLength: 20 }),
    }),
    { maxLength: 10 },
  ),
});

const mapOf = fc.nat(300).chain((columns) =>
  fc.record({
    kind: fc.constant('map' as const),
    title: fc.string(),
    columns: fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: columns, maxLength: columns }),
    rows: fc.array(
      fc.record({ label: fc.string(), values: fc.array(value, { minLength: columns, maxLength: columns }) }),
      { maxLength: 3 },
    ),
    low: fc.constantFrom(-1, 0),
    high: fc.constant(1),
  }),
);

describe('pictures of tools', () => {
  it('are files of pixels, whatever they show', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(curvesOf, mapOf), async (picture) => {
        assert.ok(pixelsOf(await drawPicture(picture)).length > 50);
      }),
      { numRuns: 25 },
    );
  });

  it('are small, also the largest ones that tools answer with', async () => {
    const noise = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;
    const points = (curve: number) =>
      Array.from({ length: picturePoints(10) }, (_, i): [number, number] => [
        i * 10,
        1 + noise(i + 300 * curve) + 3 * Math.exp(-i / 40),
      ]);
    const label = 'a label of a run that is rather long · lr 0.002';
    const largest: AgentPicture[] = [
      {
        kind: 'curves',
        title: label,
        unit: 'nats',
        curves: Array.from({ length: 10 }, (_, i) => ({ label, points: points(i) })),
      },
      {
        kind: 'map',
        title: label,
        columns: Array.from({ length: 300 }, () => 'e'),
        rows: Array.from({ length: 21 }, (_, row) => ({
          label: `unit ${row}`,
          values: Array.from({ length: 300 }, (__, i) => noise(300 * row + i)),
        })),
        low: 0,
        high: 1,
      },
    ];
    for (const picture of largest) {
      const { length } = await drawPicture(picture);
      assert.ok(length <= MOST_BYTES, `${picture.kind}: ${length}`);
    }
  });

  it('show each curve in its own color, higher values above lower ones, and a gap as a gap', async () => {
    const flat = (y: number) => Array.from({ length: 50 }, (_, x): [number, number | null] => [x, x === 25 ? null : y]);
    const pixels = pixelsOf(
      await drawPicture({
        kind: 'curves',
        title: '',
        unit: '',
        curves: [
          { label: '', points: flat(1) },
          { label: '', points: flat(2) },
        ],
      }),
    );
    // The legend is above the curves.
    const plot = pixels.slice(66);
    const rowOf = (color: string) => plot.findIndex((row) => row.filter((each) => each === color).length > 100);
    const [low, high] = [rowOf('0,105,180'), rowOf('214,94,0')];
    assert.ok(high >= 0 && high < low, `${high}, ${low}`);
    const row = plot[low]?.map((each) => each === '0,105,180') ?? [];
    const inside = row.slice(row.indexOf(true), row.lastIndexOf(true));
    assert.ok(inside.includes(false));
  });

  it('show the lowest and the highest value of a map in the colors of the scale, and a missing one in neither', async () => {
    const map: AgentPicture = {
      kind: 'map',
      title: '',
      columns: ['a', 'b', 'c'],
      rows: [{ label: '', values: [0, null, 1] }],
      low: 0,
      high: 1,
    };
    const row = pixelsOf(await drawPicture(map))[50] ?? [];
    const cells = row.filter((each, i) => each !== '255,255,255' && each !== row[i - 1]);
    assert.deepEqual(cells, ['255,250,226', '200,200,200', '34,12,66']);
  });

  it('have a glyph for each printable character, all different', () => {
    const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
    const drawn = printable.map((character) => JSON.stringify(glyphsOf(character)));
    assert.equal(new Set(drawn).size, printable.length);
    assert.ok(!drawn.includes(JSON.stringify(glyphsOf('字'))));
    assert.deepEqual(glyphsOf('é'), glyphsOf('e'));
  });

  it('have marks within the axis, in order', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 1e-6, max: 1e6 }),
        fc.double({ noNaN: true, min: 1.01, max: 1e6 }),
        fc.integer({ min: 1, max: 10 }),
        (low, ratio, most) => {
          const high = low * ratio;
          for (const ticks of [roundTicks(low, high, most), logTicks(low, high, most)]) {
            assert.ok(ticks.length <= most + 1, String(ticks));
            for (const [i, tick] of ticks.entries()) {
              assert.ok(tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9), String(ticks));
              assert.ok(i === 0 || tick > (ticks[i - 1] ?? 0));
            }
          }
        },
      ),
    );
  });
});
