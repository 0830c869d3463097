import assert from 'node:assert/strict';
import { testProgress } from '../../../src/catalog/study/rangeTest.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rangeTestOf, rateOfStep } from '../../../src/config/rangeTest.ts';
import { applicableTo } from '../../../src/protocol/applicableTo.ts';
import { CHARACTERS } from '../../../src/protocol/metrics.ts';
import { noProgress, type RunState, runState } from '../../../src/protocol/panel.ts';
import { buildScene } from '../../../webview/charts/scene.ts';
import { xTicks } from '../../../webview/charts/ticks.ts';
import { LOSS_CHART, lossCharts, SMOOTHED_TEST } from '../../../webview/panel/loss/chartSpecs.ts';
import { actionsOf } from '../../../webview/panel/describeRun.ts';
import { capabilitiesOf } from '../../../src/host/runs/capabilities.ts';
import { showRangeTest } from '../../../webview/panel/loss/rangeTest.ts';

const applies = applicableTo(rangeTestOf(parseRunConfig({})));
const { rangeTest } = applies;
assert.ok(rangeTest);
const noBackend = { device: 'CPU', threads: 1, reason: '' };
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
  const ended = { hasEnded: true, divergedAt: null };
  const shown = showRangeTest(losses, rangeTest, ended);
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
    const resumes = (each: typeof view) => actionsOf(each, 9).some(({ action }) => /^resume/.test(action));
    assert.ok(!resumes(view));
    assert.ok(resumes({ ...view, applies: applicableTo(parseRunConfig({})) }));
    const run = { view: { ...view, writes: true }, progress: { step: 9 } };
    assert.ok(!capabilitiesOf(run, false).includes('resumeChanged'));
    const other = { ...run.view, applies: applicableTo(parseRunConfig({})) };
    assert.ok(capabilitiesOf({ ...run, view: other }, false).includes('resumeChanged'));
  });

  it('belongs to a run that goes on to its last rate, and not beyond it', () => {
    const backend = { ...noBackend, name: 'tensorflow' as const };
    for (const state of ['completed', 'stopped', 'interrupted', 'failed'] as const) {
      const resumes = (each: typeof applies, step: number) =>
        capabilitiesOf({ view: { state, backend, writes: true, applies: each }, progress: { step } }, false).filter(
          (capability) => /^resume/.test(capability),
        ).length;
      assert.equal(resumes(applies, rangeTest.steps), 0, state);
      assert.equal(resumes(applies, rangeTest.steps - 1), 2, state);
      assert.equal(resumes(applicableTo(parseRunConfig({})), rangeTest.steps), 2, state);
      const buttons = (each: typeof applies, step: number) =>
        actionsOf({ state, backend, applies: each }, step).some(({ action }) => /^resume/.test(action));
      assert.ok(!buttons(applies, rangeTest.steps), state);
      assert.equal(buttons(applies, rangeTest.steps - 1), state !== 'completed', state);
      assert.ok(buttons(applicableTo(parseRunConfig({})), rangeTest.steps), state);
    }
  });

  it('is that of the steps for any other run', () => {
    const other = lossCharts(CHARACTERS, applicableTo(parseRunConfig({}))).flat();
    assert.equal(other.find(({ id }) => id === LOSS_CHART)?.xName, 'step');
  });

  it('gives the rate to try when the run has ended, and how far it is before', () => {
    const half = { x: steps.slice(0, 140), y: losses.y.slice(0, 140) };
    const sentences = runState.options.map((state) => {
      const { sentence } = showRangeTest(
        half,
        rangeTest,
        testProgress(state, { ...noProgress, step: 140 }, rangeTest.steps),
      );
      return [state, sentence] as const;
    });
    const suggests = ([, sentence]: (typeof sentences)[number]) =>
      sentence === sentences.find(([state]) => state === 'completed')?.[1];
    const later = sentences.filter((each) => !suggests(each) && each[0] !== 'diverged');
    assert.deepEqual(
      sentences.filter(suggests).map(([state]) => state),
      ['completed'],
    );
    assert.equal(new Set(later.map(([, sentence]) => sentence)).size, 1);
    const [reached, suggested] = [rateOfStep(140, rangeTest), 0.1 / 3].map((rate) =>
      String(Number(rate.toPrecision(2))),
    );
    assert.ok(reached && suggested && later[0]?.[1].includes(reached) && !later[0][1].includes(suggested));
  });

  it('has ended with its last step, however the run is over, and not while it trains', () => {
    const ofState = (state: RunState, step: number) =>
      testProgress(state, { ...noProgress, step }, rangeTest.steps).hasEnded;
    const over = ['completed', 'stopped', 'diverged', 'failed', 'interrupted'];
    assert.deepEqual(
      runState.options.filter((state) => ofState(state, rangeTest.steps)),
      over,
    );
    assert.deepEqual(
      runState.options.filter((state) => ofState(state, rangeTest.steps - 1)),
      ['completed', 'diverged'],
    );
  });

  it('diverges at the step that the run says, whose loss was not logged', () => {
    const falling = { x: steps.slice(0, 120), y: steps.slice(0, 120).map((step) => 4 - step / 100) };
    const progressOf = (state: RunState) =>
      testProgress(state, { ...noProgress, step: 120, learning: { step: 121 } }, rangeTest.steps);
    const last = (state: RunState) => {
      const { points, marks } = showRangeTest(falling, rangeTest, progressOf(state));
      const drawn = new Map([
        ['trainLoss', falling],
        [SMOOTHED_TEST, points],
      ]);
      return buildScene(chart, drawn, [], chart.defaults, marks)?.marks.at(-1)?.x ?? NaN;
    };
    assert.equal(last('diverged'), 121);
    assert.ok(last('completed') <= 120);
  });

  it('says why an ended test shows nothing', () => {
    const few = { x: [1], y: [2] };
    const level = { x: steps, y: steps.map(() => 2) };
    const [first, second] = [few, level].map((points) => showRangeTest(points, rangeTest, ended));
    assert.ok(first?.sentence && second?.sentence && first.sentence !== second.sentence);
    assert.deepEqual([first.marks, first.points.x, second.marks, second.points.x], [[], [], [], []]);
    assert.equal(showRangeTest(few, rangeTest, { ...ended, hasEnded: false }).sentence, '');
  });
});
