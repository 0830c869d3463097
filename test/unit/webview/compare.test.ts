import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_COMPARED_RUNS, type ComparedRun, type RankedGroup } from '../../../src/protocol/comparison.ts';
import { runCurves } from '../../../webview/panel/compare/comparedCurves.ts';
import { assignStyles, type LineStyle } from '../../../webview/panel/compare/lineStyles.ts';
import { differingFacets } from '../../../webview/panel/compare/rankingGroups.ts';
import { describeReach, type LabeledFlow, reachOf } from '../../../webview/probes/comparedFlow.ts';

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
      itemsPerStep: 10,
      curves: { trainLoss: loss, validationLoss: loss },
    };
    const smoothed = runCurves(run, 'trainLoss', 5);
    assert.deepEqual(smoothed.bySeconds, { x: loss.seconds, y: smoothed.bySteps.y });
    assert.ok((smoothed.bySteps.y[1] ?? 0) > 2);
    assert.deepEqual(runCurves(run, 'validationLoss', 5).bySteps.y, [4, 2, null, 3]);
  });

  it('name the facets in which their groups differ', () => {
    const group = (data: string, unit: string): RankedGroup => ({
      basis: { task: 'tagging', data, vocabulary: '9', unit },
      equalStep: null,
      runs: [],
    });
    assert.deepEqual(differingFacets([group('a', 'nats')]), []);
    assert.deepEqual(differingFacets([group('a', 'nats'), group('a', 'nats')]), []);
    assert.deepEqual(differingFacets([group('a', 'nats'), group('b', 'nats'), group('a', 'bits')]), ['data', 'unit']);
  });
});

describe('reach of the gradient', () => {
  const powers = (factor: number, lags: number) => Array.from({ length: lags }, (_, lag) => factor ** lag);
  const flow = (label: string, factor: number, lags: number): LabeledFlow => ({
    label,
    flow: {
      step: 100,
      median: powers(factor, lags),
      low: powers(factor * 0.99, lags),
      high: powers(factor * 1.01, lags),
    },
  });

  it('is compared at the largest lag that all runs have, the largest first', () => {
    const factors = fc.double({ min: 0.3, max: 1.3, noNaN: true });
    const run = fc.tuple(factors, fc.integer({ min: 2, max: 40 }));
    fc.assert(
      fc.property(fc.array(run, { minLength: 2, maxLength: 5 }), (runs) => {
        const found = reachOf(runs.map(([factor, lags], i) => flow(`run ${i}`, factor, lags)));
        const lag = Math.min(...runs.map(([, lags]) => lags)) - 1;
        assert.equal(found?.lag, lag);
        const sorted = runs.map(([factor]) => factor ** lag).sort((a, b) => b - a);
        assert.deepEqual(
          found.reaches.map(({ value }) => value),
          sorted,
        );
        for (const { label, vanishedAt } of found.reaches) {
          const factor = runs[Number(label.slice(4))]?.[0] ?? 1;
          assert.equal(vanishedAt === null, factor ** lag >= 0.01);
          if (vanishedAt !== null) assert.ok(factor ** vanishedAt < 0.01 && factor ** (vanishedAt - 1) >= 0.01);
        }
      }),
    );
  });

  it('needs two runs with a probe of more than one lag', () => {
    assert.equal(reachOf([flow('a', 0.9, 20)]), null);
    assert.equal(reachOf([flow('a', 0.9, 20), flow('b', 0.9, 1)]), null);
  });

  it('says by how much runs differ, and whether their bands overlap', () => {
    const [apart, together] = [
      [flow('LSTM', 0.99, 21), flow('RNN', 0.7, 21)],
      [flow('LSTM', 0.9, 21), flow('RNN', 0.899, 21)],
    ].map(describeReach);
    assert.match(apart?.[0] ?? '', /lag 20.*LSTM.*0\.82.*RNN.*lag 13/);
    assert.match(apart?.[1] ?? '', /LSTM.*1,000.*RNN\.$/);
    assert.match(together?.[1] ?? '', /overlap/);
  });

  it('explains by the first forget gates why the run with the lower loss carries less', () => {
    const first = { flow: { ...flow('', 0.7, 21).flow, step: 0 }, forgetProduct: powers(0.73, 21) };
    const runs = (lstmLoss: number): LabeledFlow[] => [
      { ...flow('LSTM', 0.8, 21), first, bestLoss: lstmLoss },
      { ...flow('RNN', 0.95, 21), first: { ...first, forgetProduct: null }, bestLoss: 2.26 },
    ];
    const explained = describeReach(runs(2)).slice(2).join(' ');
    assert.match(explained, /LSTM .*\b2 .*2\.26.*RNN.*step 0.*0\.73.*0\.0018.*20.*0\.0008.*0\.012.*step 100/);
    assert.equal(describeReach(runs(2.5)).length, 2, 'the run that carries more also has the lower loss');
    assert.equal(describeReach(runs(2).map((each) => ({ ...each, first: null }))).length, 2);
  });

  it('names a gradient that explodes or is not finite', () => {
    const broken: LabeledFlow = { label: 'GRU', flow: { step: 1, median: [1, null], low: [1, null], high: [1, null] } };
    assert.match(describeReach([flow('A', 1.2, 21), flow('B', 0.9, 21)])[0] ?? '', /A .*38.*exploding/);
    assert.deepEqual(describeReach([broken, flow('B', 0.9, 21)]), []);
  });
});
