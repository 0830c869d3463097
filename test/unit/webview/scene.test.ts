import assert from 'node:assert/strict';
import { buildScene, describeSmoothing } from '../../../webview/charts/scene.ts';
import type { ChartSettings, ChartSpec } from '../../../webview/charts/spec.ts';
import { readAt, describeReading } from '../../../webview/charts/reading.ts';
import type { Points } from '../../../webview/charts/points.ts';
import { CHARACTERS, seriesName } from '../../../src/protocol/metrics.ts';
import { lossCharts } from '../../../webview/panel/loss/chartSpecs.ts';
import { assertNames, names } from '../../harness/facts.ts';

const lossUnit = CHARACTERS.loss;
const charts = lossCharts(CHARACTERS, { metrics: seriesName.options, fixed: [] }).flat();
const [lossChart, normChart] = ['loss', 'gradientNorm'].map((id) => charts.find((spec) => spec.id === id));
assert.ok(lossChart && normChart);

const references = [
  { label: 'uniform', value: 4.19 },
  { label: 'bigram', value: 2.45 },
];

const curve = (y: (number | null)[]): Points => ({ x: y.map((_, i) => i + 1), y });
const settings = (spec: ChartSpec, changed: Partial<ChartSettings> = {}): ChartSettings => ({
  ...spec.defaults,
  smoothing: 0,
  ...changed,
});

function scene(spec: ChartSpec, curves: Record<string, Points>, changed: Partial<ChartSettings> = {}) {
  const built = buildScene(spec, new Map(Object.entries(curves)), references, settings(spec, changed));
  assert.ok(built);
  return built;
}

describe('a chart', () => {
  it('has no scene without points', () => {
    for (const spec of charts) assert.equal(buildScene(spec, new Map(), references, spec.defaults), null);
  });

  it('shows a single point as a dot inside the plot', () => {
    for (const smoothing of [0, 20]) {
      const { strokes, x, y } = scene(lossChart, { trainLoss: curve([4.1]) }, { smoothing });
      assert.ok(strokes.every(({ radii }) => typeof radii === 'number' && radii > 0));
      assert.ok(y.min < 4.1 && y.max > 4.1 && x.min < 1 && x.max > 1);
    }
  });

  it('draws the raw curve faintly behind the smoothed one, and does not smooth validation', () => {
    const curves = { trainLoss: curve([4, 3, 2]), validationLoss: curve([4, 3]) };
    const { strokes } = scene(lossChart, curves, { smoothing: 20 });
    const [training, validation] = lossChart.lines.map(({ label }) => label);
    assert.deepEqual(
      strokes.map(({ label, faint }) => [label, faint]),
      [
        [training, true],
        [training, false],
        [validation, false],
      ],
    );
    assert.deepEqual(strokes[0]?.points, curves.trainLoss);
    assert.notDeepEqual(strokes[1]?.points.y, curves.trainLoss.y);
    assert.deepEqual(strokes[2]?.points, curves.validationLoss);
    assertNames(describeSmoothing(lossChart, 20), 20);
    assertNames(describeSmoothing(normChart, 20), 20);
    assert.equal(describeSmoothing(lossChart, 0), '');
  });

  it('omits values that a log axis cannot show, with a note', () => {
    const { strokes, y, notes } = scene(normChart, {
      gradientNorm: curve([0, -1, 2, null]),
      clippedGradientNorm: curve([0]),
    });
    assert.deepEqual(strokes[0]?.points.y, [null, null, 2, null]);
    assert.ok(y.min > 0 && y.max > 2);
    assert.ok(notes.some((note) => names(note, 1, 4)));
    assert.ok(notes.some((note) => names(note, 3)));
  });

  it('has an axis even if no value is finite or above zero', () => {
    for (const logarithmic of [true, false]) {
      const { y } = scene(
        normChart,
        { gradientNorm: curve([null, null]), clippedGradientNorm: curve(logarithmic ? [0] : []) },
        { logarithmic },
      );
      assert.ok(y.min < y.max && Number.isFinite(y.max));
    }
  });

  it('notes the points above a fitted range; the full range includes them and the references', () => {
    const spiked = curve(Array.from({ length: 100 }, (_, i) => (i === 11 ? 30 : 2 + i / 1000)));
    assertNames(scene(lossChart, { trainLoss: spiked }).notes.join(), 1, 30, 12);
    const full = scene(lossChart, { trainLoss: spiked }, { range: 'full' });
    assert.deepEqual(full.notes, []);
    assert.ok(full.y.max > 30);
    assert.ok(scene(lossChart, { trainLoss: curve([1, 1.1]) }, { range: 'full' }).y.max > 4.19);
  });

  it('keeps a zoomed range, unless a log axis cannot show it', () => {
    const range = { min: -1, max: 3 };
    assert.equal(scene(lossChart, { trainLoss: curve([2]) }, { range }).y, range);
    assert.notEqual(scene(lossChart, { trainLoss: curve([2]) }, { range, logarithmic: true }).y, range);
  });
});

describe('reading a chart', () => {
  const curves = new Map([
    ['trainLoss', curve([4, 3, null])],
    ['validationLoss', { x: [2], y: [3.5] }],
  ]);

  it('uses the nearest point of each curve', () => {
    const reading = readAt(lossChart, curves, 0, 1.2);
    assert.equal(reading?.x, 1);
    assert.deepEqual(
      reading.rows.map(({ x, value }) => [x, value]),
      [
        [1, 4],
        [2, 3.5],
      ],
    );
    assert.equal(readAt(lossChart, new Map(), 0, 1), null);
  });

  it('is described with units', () => {
    const reading = readAt(lossChart, curves, 0, 3);
    assert.ok(reading);
    assertNames(describeReading(lossChart, reading), 3, 2, '3.500', lossUnit, '5.049 bits', 33.1);
    const smoothed = readAt(lossChart, curves, 10, 2);
    assert.ok(smoothed);
    assert.match(describeReading(lossChart, smoothed), new RegExp(`3\\.000 ${lossUnit} \\(.*\\), .*3\\.\\d+`));
  });
});
