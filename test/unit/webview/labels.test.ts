import assert from 'node:assert/strict';
import fc from 'fast-check';
import { annotate } from '../../../webview/charts/annotations.ts';
import { isWithin, overlap, placeLabels, type Box } from '../../../webview/charts/labels.ts';
import { fractionOf } from '../../../webview/charts/scale.ts';
import type { Scene } from '../../../webview/charts/scene.ts';

const AREA: Box = { left: 0, top: 0, right: 100, bottom: 50 };
const place = (left: number, top: number, cost = 0) => ({
  box: { left, top, right: left + 30, bottom: top + 10 },
  upright: false,
  cost,
});

describe('places of labels', () => {
  it('are the preferred ones if they are free', () => {
    const wanted = [[place(0, 0)], [place(40, 0), place(0, 20, 1)]];
    assert.deepEqual(
      placeLabels(wanted, AREA, []),
      wanted.map(([first]) => first),
    );
  });

  it('avoid other labels and the edges, and points where that is possible', () => {
    assert.deepEqual(placeLabels([[place(0, 0)], [place(20, 5), place(0, 20)]], AREA, [])[1], place(0, 20));
    assert.deepEqual(placeLabels([[place(90, 0), place(0, 45), place(50, 0)]], AREA, [])[0], place(50, 0));
    const curve = [10, 11, 12].map((x) => ({ x, y: 5 }));
    assert.deepEqual(placeLabels([[place(0, 0), place(0, 20)]], AREA, curve)[0], place(0, 20));
    assert.deepEqual(placeLabels([[place(0, 0), place(-5, 20)]], AREA, curve)[0], place(0, 0));
  });

  it('are null for a label without a free place', () => {
    assert.deepEqual(placeLabels([[place(0, 0)], [place(0, 0)], []], AREA, []).slice(1), [null, null]);
  });
});

/** A chart of any curves, reference lines and marks. */
const scenes = fc
  .record({
    kind: fc.constantFrom('linear' as const, 'logarithmic' as const),
    curve: fc.array(fc.double({ min: 0.001, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 }),
    references: fc.array(
      fc.record({
        label: fc.string({ unit: 'grapheme-ascii', maxLength: 24 }),
        value: fc.double({ min: 0.0001, max: 20, noNaN: true }),
      }),
      { maxLength: 5 },
    ),
    marks: fc.array(
      fc.record({ label: fc.string({ unit: 'grapheme-ascii', maxLength: 24 }), x: fc.nat({ max: 39 }) }),
      {
        maxLength: 4,
      },
    ),
  })
  .map(({ kind, curve, references, marks }): Scene => ({
    title: '',
    unit: '',
    kind,
    xName: 'step',
    x: { min: 0, max: 39 },
    y: { min: 0.001, max: 10 },
    strokes: [
      {
        label: '',
        color: 'blue',
        dash: [],
        faint: false,
        radii: 0,
        joined: true,
        points: { x: curve.map((_, i) => i), y: curve },
      },
    ],
    bands: [],
    references,
    marks,
    notes: [],
  }));
const plots = fc
  .record({ width: fc.integer({ min: 150, max: 1200 }), height: fc.integer({ min: 60, max: 300 }) })
  .map(({ width, height }): Box => ({ left: 52, top: 8, right: 52 + width, bottom: 8 + height }));

/** Width of a text at a font of 11 pixels. */
const widthOf = (text: string) => 6 * text.length;

describe('the labels of a chart', () => {
  it('never overlap and never leave the plot', () => {
    fc.assert(
      fc.property(scenes, plots, (scene, plot) => {
        const { labels } = annotate(scene, plot, widthOf);
        labels.forEach(({ box, text, upright }, i) => {
          assert.ok(isWithin(box, plot), `${text} leaves the plot`);
          const length = upright ? box.bottom - box.top : box.right - box.left;
          assert.ok(length >= widthOf(text), `${text} is cut`);
          for (const other of labels.slice(i + 1)) assert.ok(!overlap(box, other.box), `${text} on ${other.text}`);
        });
      }),
    );
  });

  it('are next to their lines, and complete, if there are a few on a plot of ordinary size', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const few = { ...scene, references: scene.references.slice(0, 2), marks: scene.marks.slice(0, 1) };
        const plot = { left: 52, top: 8, right: 652, bottom: 208 };
        const { labels, lines, marks } = annotate(few, plot, widthOf);
        assert.equal(labels.length, few.references.length + few.marks.length);
        assert.equal(marks.length, few.marks.length);
        const inside = few.references.filter(({ value }) => {
          const at = fractionOf(value, few.y, few.kind);
          return at >= 0 && at <= 1;
        });
        assert.ok(Math.abs(lines.length - inside.length) <= 1);
      }),
    );
  });

  it('are off a curve that leaves space', () => {
    const flat = Array.from({ length: 40 }, () => 5);
    const scene = fc.sample(scenes, 1)[0];
    assert.ok(scene);
    const [stroke] = scene.strokes;
    assert.ok(stroke);
    const { labels } = annotate(
      {
        ...scene,
        kind: 'linear',
        strokes: [{ ...stroke, points: { x: flat.map((_, i) => i), y: flat } }],
        references: [{ label: 'uniform', value: 4.9 }],
        marks: [{ label: 'training cuts here', x: 20 }],
      },
      { left: 50, top: 0, right: 450, bottom: 200 },
      widthOf,
    );
    assert.equal(labels.length, 2);
    for (const { box } of labels) assert.ok(box.top > 100 || box.bottom < 100, JSON.stringify(box));
  });
});
