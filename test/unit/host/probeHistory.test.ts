import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProbeHistory } from '../../../src/host/runs/probeHistory.ts';
import { probesChange } from '../../../src/protocol/probeHistory.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';

const light = (step: number) => madeUpProbe({ step, timeSteps: 2, complete: false });
const stepsOf = (history: ProbeHistory) => history.summaries.map(({ step }) => step);

describe('ProbeHistory', () => {
  it('keeps probes in order with one stable summary each', () => {
    const history = new ProbeHistory();
    history.replace([light(0), light(100)]);
    const [first] = history.summaries;
    history.add(light(200));
    assert.deepEqual(stepsOf(history), [0, 100, 200]);
    assert.equal(history.summaries[0], first);
    const change = { keep: 0, added: history.summaries };
    assert.deepEqual(probesChange.parse(change), change);
    assert.equal(history.at(100)?.step, 100);
    assert.equal(history.at(150), undefined);
    assert.equal(history.latest?.step, 200);
  });

  it('keeps a bounded number of probes, spread from the first to the last', () => {
    const history = new ProbeHistory();
    for (let i = 0; i < 1500; i++) {
      history.add(madeUpProbe({ step: i * 100, timeSteps: 2, complete: i % 10 === 0 }));
      assert.ok(history.summaries.length <= 200);
    }
    const steps = stepsOf(history);
    assert.equal(steps[0], 0);
    assert.equal(steps.at(-1), 149_900);
    const gaps = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
    assert.ok(Math.max(...gaps) <= 1600, `the largest gap is ${Math.max(...gaps)} steps`);
    assert.ok(history.summaries.filter(({ complete }) => complete).length > 100, 'complete probes are preferred');
    assert.deepEqual(
      steps.map((step) => history.at(step)?.step),
      steps,
    );
  });

  it('replaces probes that a resumed run takes again', () => {
    const ordered = fc.uniqueArray(fc.nat(100), { minLength: 1 }).map((steps) => steps.sort((a, b) => a - b));
    fc.assert(
      fc.property(ordered, fc.nat(100), (steps, from) => {
        const history = new ProbeHistory();
        history.replace(steps.map(light));
        history.cutAfter(from);
        assert.deepEqual(
          stepsOf(history),
          steps.filter((step) => step <= from),
        );
        history.add(light(from));
        assert.deepEqual(stepsOf(history), [...steps.filter((step) => step < from), from]);
      }),
    );
  });
});
