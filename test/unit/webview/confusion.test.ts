import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeCell } from '../../../webview/charts/heatMapScene.ts';
import { colorMap, textOn } from '../../../webview/charts/colorMap.ts';
import { confusionOf, describeConfusion, formatShare } from '../../../webview/panel/results/confusion.ts';
import { confusionScene } from '../../../webview/panel/results/confusionScene.ts';

const block = {
  kind: 'confusion' as const,
  title: 'Confusion matrix',
  rowAxis: 'true class',
  columnAxis: 'predicted class',
  classes: ['spam', 'ham', 'rare'],
  counts: [30, 10, 0, 0, 6000, 0, 3, 1, 0],
  unit: 'texts',
  note: '',
};

/** A block of any counts. */
const blocks = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc.array(fc.nat({ max: 5000 }), { minLength: size ** 2, maxLength: size ** 2 }).map((counts) => ({
    ...block,
    classes: Array.from({ length: size }, (_, i) => `class ${i}`),
    counts,
  })),
);

describe('a confusion matrix', () => {
  it('has the recall of each row and the precision of each column', () => {
    const { recall, precision, rowSums, columnSums, total, accuracy } = confusionOf(block);
    assert.deepEqual(recall, [0.75, 1, 0]);
    assert.deepEqual(precision, [30 / 33, 6000 / 6011, null]);
    assert.deepEqual([rowSums, columnSums, total], [[40, 6000, 4], [33, 6011, 0], 6044]);
    assert.equal(accuracy, 6030 / 6044);
  });

  it('is colored by row, so that a rare class is as visible as a frequent one', () => {
    const values = confusionScene(block, 'share')?.values ?? [];
    assert.deepEqual([...values.slice(0, 3)], [191, 64, 0]);
    assert.deepEqual([...values.slice(5, 8)], [0, 255, 0]);
    assert.deepEqual([...values.slice(10, 13)], [191, 64, 0]);
    assert.deepEqual([...(confusionScene(block, 'count')?.values ?? []).slice(0, 7)], [1, 0, 0, 0, 0, 0, 255]);
  });

  it('has share and count in each cell but zeros, in the order of the mode', () => {
    const lines = (mode: 'share' | 'count', row: number, column: number) =>
      confusionScene(block, mode)?.lines?.({ row, column });
    assert.deepEqual(lines('share', 1, 1), ['100 %', '6,000']);
    assert.deepEqual(lines('count', 0, 1), ['10', '25 %']);
    assert.deepEqual(lines('share', 1, 0), []);
    assert.deepEqual(lines('share', 0, 3), ['75 %']);
    assert.deepEqual(lines('share', 0, 4), ['40']);
    assert.deepEqual(lines('share', 3, 0), ['91 %']);
    assert.deepEqual(lines('share', 4, 1), ['6,011']);
    assert.deepEqual(lines('share', 3, 3), ['>99 %']);
  });

  it('reads counts, share, recall and precision of a cell, and the margins', () => {
    const scene = confusionScene(block, 'share');
    assert.ok(scene);
    assert.match(
      describeCell(scene, { row: 2, column: 0 }),
      /^true class rare, predicted class spam, 3 \(75 %\), 3\D+4 texts\D+rare, .*0 %, .*91 %$/,
    );
    assert.match(describeCell(scene, { row: 0, column: 3 }), /^true class spam, recall, 75 %$/);
    assert.match(describeCell(scene, { row: 3, column: 4 }), /no value$/);
  });

  it('names the class of the lowest recall and the largest share of a class taken for another', () => {
    const [lowest, worst] = describeConfusion(confusionOf(block), 'texts');
    assert.match(lowest ?? '', /^rare .* 0 %, 0 of 4 texts/);
    assert.match(worst ?? '', /75 % of rare .* spam \(3 of 4 texts\)/);
    assert.equal(describeConfusion(confusionOf({ ...block, counts: [1, 0, 0, 0, 1, 0, 0, 0, 1] }), 'texts').length, 1);
    assert.equal(describeConfusion(confusionOf({ ...block, counts: block.counts.map(() => 0) }), 'texts').length, 0);
  });

  it('has rows of shares that sum to 1, and rates from 0 to 1', () => {
    fc.assert(
      fc.property(blocks, (any) => {
        const { share, rowSums, recall, precision } = confusionOf(any);
        rowSums.forEach((sum, row) => {
          const shares = any.classes.reduce((total, _, column) => total + share(row, column), 0);
          assert.ok(Math.abs(shares - (sum > 0 ? 1 : 0)) < 1e-9);
        });
        for (const rate of [...recall, ...precision]) assert.ok(rate === null || (rate >= 0 && rate <= 1));
        assert.equal(confusionScene(any, 'share')?.values.length, (any.classes.length + 2) ** 2);
      }),
    );
  });

  it('never rounds an error away', () => {
    assert.deepEqual([0, 1e-6, 0.005, 0.5, 0.9951, 0.99999, 1].map(formatShare), [
      '0 %',
      '<0.1 %',
      '0.5 %',
      '50 %',
      '>99 %',
      '>99 %',
      '100 %',
    ]);
  });

  it('has text with a contrast of at least 4.5 on every color', () => {
    const linear = (byte: number) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
      const colors = colorMap('sequential', theme);
      for (let at = 0; at < colors.length; at += 4) {
        const color = colors.subarray(at, at + 3);
        const [red = 0, green = 0, blue = 0] = Array.from(color, linear);
        const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        const text = textOn(color) === '#ffffff' ? 1 : 0;
        const contrast = (Math.max(text, luminance) + 0.05) / (Math.min(text, luminance) + 0.05);
        assert.ok(contrast >= 4.5, `${theme} ${at / 4}: ${contrast}`);
      }
    }
  });
});
