import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GateStatistics } from '../../../src/protocol/probes.ts';
import { describeCell } from '../../../webview/charts/heatMapScene.ts';
import { lagCharts, trendCharts } from '../../../webview/panel/gradients/chartSpecs.ts';
import { lagCurves, type ShownLayer, trendCurves } from '../../../webview/panel/gradients/curves.ts';
import { rangeOf, describeSaturation } from '../../../webview/panel/gradients/describeGates.ts';
import { lagMatrixScene, describeLagMatrix } from '../../../webview/panel/gradients/lagMatrixScene.ts';
import { describeLags } from '../../../webview/panel/gradients/describeLags.ts';
import { describeGlobalNorm, parameterRows } from '../../../webview/panel/gradients/parameterRows.ts';
import { FLOW_EXTRAS } from '../../../webview/probes/lastStepChart.ts';
import { madeUpProbe, type MadeUpProbe, summariesOf } from '../../fixtures/probes.ts';
import { assertNames, names } from '../../harness/facts.ts';

function shownOf(shape: Partial<MadeUpProbe>): ShownLayer {
  const {
    layers: [layer],
    flow: [flow],
  } = madeUpProbe({ step: 0, ...shape });
  assert.ok(layer && flow);
  return { layer, flow };
}

describe('curves of the tab "Gradients"', () => {
  for (const cell of ['lstm', 'gru', 'rnn'] as const) {
    it(`exist for every line of the charts of a ${cell} layer`, () => {
      const shown = shownOf({ cell });
      const curves = lagCurves({ current: shown, first: shown, complete: shown });
      for (const extra of FLOW_EXTRAS) {
        for (const { lines, bands = [] } of lagCharts(cell === 'lstm', extra)) {
          const keys = [...lines.map(({ key }) => key), ...bands.flatMap(({ low, high }) => [low, high])];
          // The probe holds two of up to eight single sequences.
          for (const key of keys.filter((each) => !/single[2-7]/.test(each)))
            assert.equal(curves.get(key)?.x.length, 51, key);
        }
      }
    });
  }

  it('are empty without data', () => {
    const curves = lagCurves({ current: shownOf({ cell: 'gru' }), first: undefined, complete: undefined });
    for (const key of ['flow.c', 'flow.first', 'flow.single0', 'jacobian.state', 'forgetProduct'])
      assert.deepEqual(curves.get(key)?.x, [], key);
  });

  it('have a point over training for each probe of the layer', () => {
    const probes = summariesOf(
      [0, 100, 200].map((step) =>
        madeUpProbe({ step, complete: step === 0, factor: step === 200 ? 1 : 0.5, clippedShare: 0.25 }),
      ),
    );
    const lean = probes.map((probe) =>
      probe.complete ? probe : { ...probe, layers: probe.layers.map((layer) => ({ ...layer, spectralRadius: null })) },
    );
    const curves = trendCurves(lean, { layer: 'lstm_1', direction: 'forward' });
    for (const { lines } of trendCharts) for (const { key } of lines) assert.ok(curves.has(key), key);
    assert.deepEqual(curves.get('sigmaMax'), { x: [0, 100, 200], y: [1.2, 1.2, 1.2] });
    assert.deepEqual(curves.get('spectralRadius'), { x: [0], y: [0.9] });
    assert.deepEqual(curves.get('effectiveMemory'), { x: [0, 100], y: [7, 7] });
    assert.deepEqual(curves.get('clippedShare')?.y, [25, 25, 25]);
    assert.deepEqual(trendCurves(lean, { layer: 'lstm_1', direction: 'backward' }).get('sigmaMax')?.x, []);
  });

  it('are described', () => {
    const shown = shownOf({ factor: 0.5 });
    const { layer } = shown;
    const descriptions = describeLags(shown, layer);
    assertNames(descriptions.get('gradients.lastStep'), 50, '4.4e-16', '1.8e-15');
    assertNames(descriptions.get('gradients.summed'), 1.1);
    assertNames(descriptions.get('gradients.jacobian'), 50, '1e-14');
    assertNames(descriptions.get('gradients.forget'), 1.02, '2.4e-15', 50);
    const silent = { ...layer, forgetBias: null, summed: { h: [null], c: null } };
    const none = describeLags({ ...shown, layer: silent }, undefined);
    assert.deepEqual(
      ['gradients.summed', 'gradients.jacobian', 'gradients.forget'].map((id) => none.get(id)),
      ['', '', ''],
    );
  });
});

describe('the lag matrix as a heat map', () => {
  it('has a cell for each norm, darker the smaller, and no value elsewhere', () => {
    const norm = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.array(norm, { maxLength: 8 }), { maxLength: 8 }), (matrix) => {
        const scene = lagMatrixScene(matrix);
        const rows = matrix.filter((row) => row.length > 0);
        if (!scene) {
          assert.ok(rows.flat().every((value) => value === null || value === 0));
          return;
        }
        const {
          rows: { count },
          columns,
          values,
          holes,
        } = scene;
        assert.equal(count, rows.length);
        assert.equal(values.length, count * columns.count);
        const cells = rows.flatMap((row, r) =>
          Array.from({ length: columns.count }, (_, k) => ({ norm: row[k] ?? null, at: r * columns.count + k })),
        );
        for (const { norm: value, at } of cells) assert.equal(holes?.[at], value === null ? 1 : 0);
        const sorted = cells
          .flatMap(({ norm: value, at }) => (value === null ? [] : [{ value, byte: values[at] ?? 0 }]))
          .sort((a, b) => a.value - b.value);
        sorted.forEach(({ byte }, i) => assert.ok(byte >= (sorted[i - 1]?.byte ?? 0)));
        assert.equal(sorted.at(-1)?.byte, 255);
      }),
    );
  });

  it('names the steps, and describes its cells', () => {
    const scene = lagMatrixScene([[], [], [0.5, 0.25, 0], [0.5, null]]);
    assert.ok(scene);
    assertNames(describeCell(scene, { row: 0, column: 1 }), 2, 1, 0.25);
    const hole = describeCell(scene, { row: 1, column: 1 });
    assertNames(hole, 3, 1);
    assert.deepEqual(hole.match(/\d+/g), ['3', '1']);
    assert.equal(scene.high, '0.5');
    assert.equal(lagMatrixScene([[], []]), null);
  });

  it('describes how far back gradients reach', () => {
    const sentence = describeLagMatrix([
      [1, 0.5, 0.001],
      [1, 0.5, 0.001, 0],
      [1, 0.5, 0.1, 0.001],
    ]);
    assertNames(sentence, 2);
    assert.doesNotMatch(describeLagMatrix([[null], [0, 0]]), /\d/);
  });
});

describe('the parameter table', () => {
  it('has gradient bars relative to the largest, and ratio bars on a logarithmic scale', () => {
    const rows = parameterRows([
      { name: 'a', gradientNorm: 2, weightNorm: 4, updateRatio: 1e-3 },
      { name: 'b', gradientNorm: 1, weightNorm: null, updateRatio: null },
      { name: 'c', gradientNorm: null, weightNorm: 1, updateRatio: 7 },
    ]);
    assert.deepEqual(
      rows.map(({ gradientNorm }) => gradientNorm.bar),
      [1, 0.5, null],
    );
    assert.deepEqual(
      rows.map(({ updateRatio }) => updateRatio.bar?.toFixed(3)),
      ['0.500', undefined, '1.000'],
    );
    const [four, broken, one] = rows.map(({ weightNorm }) => weightNorm.text);
    assert.deepEqual([four, one], ['4', '1']);
    assert.doesNotMatch(broken ?? '', /\d|^$/);
    assert.equal(
      parameterRows([{ name: 'a', gradientNorm: 0, weightNorm: 0, updateRatio: 0 }])[0]?.gradientNorm.bar,
      null,
    );
  });

  it('describes whether and how often the gradient was clipped', () => {
    const probe = madeUpProbe({ step: 0 });
    assertNames(describeGlobalNorm(probe), 1.4, 1, 100, '4 %');
    const free = describeGlobalNorm({ ...probe, clippedGradientNorm: 1.4, clippedShare: 0 });
    assertNames(free, 1.4, '0 %');
    assert.ok(!names(free, 1));
    assert.ok(!names(describeGlobalNorm({ ...probe, gradientNorm: null }), 1.4));
  });
});

describe('gate drawings', () => {
  const gate = (change: Partial<GateStatistics>): GateStatistics => ({
    gate: 'forget',
    histogram: [],
    low: 0,
    high: 0,
    lowByUnit: [],
    highByUnit: [],
    ...change,
  });

  it('have the range of the gate, and report saturation', () => {
    assert.deepEqual(rangeOf(gate({ gate: 'candidate' })), { low: -1, high: 1 });
    const open = describeSaturation(gate({ low: 0.3, high: 0.1 }));
    assertNames(open, '30 %', 0.1, '10 %', 0.9);
    const most = describeSaturation(gate({ gate: 'hidden', low: 0.3, high: 0.4 }));
    assertNames(most, '30 %', -0.9, '40 %', 0.9);
    const wording = (sentence: string) => sentence.replaceAll(/[-0-9.]/g, '');
    assert.notEqual(wording(open), wording(most));
  });
});
