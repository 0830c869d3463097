import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf, rateOfStep } from '../../../src/config/rangeTest.ts';
import { applicableTo } from '../../../src/protocol/applicableTo.ts';
import { CHARACTERS } from '../../../src/protocol/metrics.ts';
import { buildScene } from '../../../webview/charts/scene.ts';
import { xTicks } from '../../../webview/charts/ticks.ts';
import { LOSS_CHART, lossCharts, SMOOTHED_TEST } from '../../../webview/panel/loss/chartSpecs.ts';
import { actionsOf } from '../../../webview/panel/describeRun.ts';
import { capabilitiesOf } from '../../../src/host/runs/capabilities.ts';
import { showRangeTest } from '../../../webview/panel/loss/rangeTest.ts';

const applies = applicableTo(rangeTestOf(parseRunConfig({})));
const { rangeTest } = applies;
assert.ok(rangeTest);
const steps = Array.from({ length: rangeTest.steps }, (_, i) => i + 1);
/** Losses that fall up to a rate of 0.1 and rise after it. */
const losses = {
  x: steps,
  y: steps.map((step) => 2 + Math.abs(Math.log10(rateOfStep(step, rangeTest) / 0.1)) / 2),
};

describe('the loss chart of a range test', () => {
  const chart = lossCharts(CHARACTERS, applies)
    .flat()
    .find(({ id }) => id === LOSS_CHART);
  assert.ok(chart);
  const shown = showRangeTest(losses, rangeTest);
  assert.ok(shown);
  const curves = new Map([
    ['trainLoss', losses],
    [SMOOTHED_TEST, shown.points],
  ]);
  const scene = buildScene(chart, curves, [], chart.defaults, shown.marks);
  assert.ok(scene);

  it('has a grid line at each power of ten of the rate, labeled with the rate', () => {
    const ticks = xTicks(scene.x, scene, 800, 90);
    assert.equal(ticks.length, 7);
    for (const { value } of ticks) {
      const exponent = Math.log10(rateOfStep(value, rangeTest));
      assert.ok(Math.abs(exponent - Math.round(exponent)) < 1e-9, String(exponent));
    }
    assert.equal(Number(ticks[4]?.label), 0.1);
  });

  it('marks what was read within the axis, in the order of the rates', () => {
    assert.equal(scene.marks.length, shown.marks.length);
    const places = scene.marks.map(({ x }) => rateOfStep(x, rangeTest));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(places.some((rate) => Math.abs(Math.log(rate / 0.1)) < 0.2));
  });

  it('draws both curves, the smoothed one in front', () => {
    assert.deepEqual(
      scene.strokes.map(({ points }) => points),
      [losses, shown.points],
    );
  });

  it('belongs to a run that is not resumed with other rates', () => {
    const view = { backend: null, applies, state: 'diverged' as const };
    const resumes = (each: typeof view) => actionsOf(each).some(({ action }) => /^resume/.test(action));
    assert.ok(!resumes(view));
    assert.ok(resumes({ ...view, applies: applicableTo(parseRunConfig({})) }));
    const run = { view: { ...view, writes: true }, progress: { step: 9 } };
    assert.ok(!capabilitiesOf(run, false).includes('resumeChanged'));
    const other = { ...run.view, applies: applicableTo(parseRunConfig({})) };
    assert.ok(capabilitiesOf({ ...run, view: other }, false).includes('resumeChanged'));
  });

  it('is that of the steps for any other run', () => {
    const other = lossCharts(CHARACTERS, applicableTo(parseRunConfig({}))).flat();
    assert.equal(other.find(({ id }) => id === LOSS_CHART)?.xName, 'step');
    assert.equal(showRangeTest({ x: [1], y: [2] }, rangeTest), null);
  });
});
