import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_COMPARED_RUNS, type ComparableRun, type ComparedRun } from '../../../src/protocol/comparison.ts';
import { runCurves, describeRanking } from '../../../webview/panel/compare/comparedCurves.ts';
import { assignStyles, type LineStyle } from '../../../webview/panel/compare/lineStyles.ts';

describe('compared runs', () => {
  it('have distinct styles, up to the largest number of runs', () => {
    const styles = [
      ...assignStyles(
        new Map(),
        Array.from({ length: MAX_COMPARED_RUNS }, (_, i) => `${i}`),
      ).values(),
    ];
    assert.equal(new Set(styles.map((style) => JSON.stringify(style))).size, MAX_COMPARED_RUNS);
    assert.equal(
      new Set(styles.slice(0, 4).map(({ dash }) => dash.join())).size,
      4,
      'the first few differ without color',
    );
  });

  it('keep their style while others are added and removed', () => {
    const sets = fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: MAX_COMPARED_RUNS });
    fc.assert(
      fc.property(fc.array(sets, { minLength: 1, maxLength: 6 }), (steps) => {
        let styles: ReadonlyMap<string, LineStyle> = new Map();
        for (const runs of steps) {
          const before = styles;
          styles = assignStyles(before, runs);
          assert.deepEqual([...styles.keys()].sort(), [...runs].sort());
          assert.equal(new Set(styles.values()).size, runs.length);
          for (const run of runs) if (before.has(run)) assert.equal(styles.get(run), before.get(run));
        }
      }),
    );
  });

  it('have the same values by second as by step, smoothed over steps', () => {
    const loss = { points: [1, 4, 2, 2, 3, null, 4, 3], seconds: [0.5, 1, 1.5, 9] };
    const run: ComparedRun = {
      id: 'a',
      curves: { trainLoss: loss, validationLoss: loss },
      lastStep: { step: 4, curve: [1, 0.1] },
    };
    const smoothed = runCurves(run, 'trainLoss', 5);
    assert.deepEqual(smoothed.bySeconds, { x: loss.seconds, y: smoothed.bySteps.y });
    assert.ok((smoothed.bySteps.y[1] ?? 0) > 2);
    assert.deepEqual(runCurves(run, 'validationLoss', 5).bySteps.y, [4, 2, null, 3]);
    assert.deepEqual(smoothed.lastStep, { x: [0, 1], y: [1, 0.1] });
  });

  it('are listed by loss, lowest first', () => {
    const run = (label: string, loss: number | null): ComparableRun => ({
      id: label,
      label,
      name: 'a.txt',
      summary: label,
      createdAt: '',
      state: 'completed',
      step: 2000,
      loss,
    });
    assert.match(
      describeRanking([run('RNN 1x9', 1.8), run('GRU', null), run('LSTM 1x8', 1.5)]),
      /LSTM 1x8 1\.500 .*2,000.*RNN 1x9 1\.800 .*2,000/,
    );
    assert.equal(describeRanking([run('LSTM', 1.5)]), '');
  });
});
