import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judgedDirection, type Probe } from '../../../src/protocol/probes.ts';
import { verdictLabels } from '../../../src/protocol/verdictLabels.ts';
import { FLOW_VERDICTS, HEADLINES, LEARNING_VERDICTS } from '../../../src/protocol/verdicts.ts';
import { sparsePoints } from '../../../webview/probes/lagCurves.ts';
import { ProbeList } from '../../../webview/probes/probeList.ts';
import { ProbeLoader } from '../../../webview/probes/probeLoader.ts';
import { describeCost, formatShare } from '../../../webview/probes/describeProbe.ts';
import { madeUpProbe, summariesOf } from '../../fixtures/probes.ts';
import { assertNames } from '../../harness/facts.ts';
import { say } from '../../../src/phrases/phrase.ts';

const summaries = (...steps: number[]) =>
  summariesOf(steps.map((step) => madeUpProbe({ step, complete: step % 1000 === 0 })));

describe('descriptions of a probe', () => {
  it('have a different label for each verdict', () => {
    const names = [...HEADLINES, ...LEARNING_VERDICTS, ...FLOW_VERDICTS];
    const labels = new Set(names.map((name) => say(verdictLabels[name])));
    assert.equal(labels.size, new Set(names).size);
    assert.ok(!labels.has(''));
  });

  it('do not round a small fraction to zero', () => {
    const [none, few = '', half, all] = [0, 0.001, 0.5, 1].map(formatShare);
    assert.deepEqual([none, half, all], ['0 %', '50 %', '100 %']);
    assert.match(few, /\D1 %$/);
  });

  it('contain the numbers of sequences, and the duration', () => {
    assertNames(describeCost(madeUpProbe({ step: 1 })), 32, 8, 50, '12.3 ms');
    assertNames(describeCost(madeUpProbe({ step: 1, source: 'text' })), 1, 50, '12.3 ms');
  });
});

describe('curves of a probe', () => {
  it('connect the measured lags of a sparse quantity', () => {
    assert.deepEqual(sparsePoints([1, null, null, 0.5]), { x: [0, 3], y: [1, 0.5] });
    assert.deepEqual(sparsePoints([]), { x: [], y: [] });
  });

  it('belong to the direction with the worst flow', () => {
    const probe = madeUpProbe({ step: 0, layers: ['a', 'a<', 'b', 'b<'], verdict: 'healthy' });
    const [a, ...others] = probe.flow;
    assert.ok(a);
    const worst = { ...others[1]!, verdict: 'vanishing' as const };
    const { layer, flow } = judgedDirection({ ...probe, flow: [a, others[0]!, worst, others[2]!] });
    assert.deepEqual([layer.layer, layer.direction, flow.verdict], ['b', 'forward', 'vanishing']);
  });
});

describe('the probe list', () => {
  it('shows the newest until one is selected, and again when the last one is selected', () => {
    const list = new ProbeList(null);
    assert.deepEqual([list.index, list.current], [-1, undefined]);
    list.apply({ keep: 0, added: summaries(0, 100, 200) });
    assert.equal(list.current?.step, 200);
    list.choose(1);
    list.apply({ keep: 3, added: summaries(300) });
    assert.equal(list.current?.step, 100);
    list.choose(3);
    list.apply({ keep: 4, added: summaries(400) });
    assert.deepEqual([list.current.step, list.chosen], [400, null]);
  });

  it('finds the latest complete probe', () => {
    const list = new ProbeList(null);
    list.apply({ keep: 0, added: summaries(0, 500, 1000, 1500) });
    assert.equal(list.complete?.step, 1000);
    list.choose(1);
    assert.equal(list.complete?.step, 0);
  });

  it('always shows an existing probe when the history changes', () => {
    const steps = fc
      .uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(steps, steps, fc.nat(60), (before, after, chosen) => {
        const list = new ProbeList(null);
        list.apply({ keep: 0, added: summaries(...before) });
        list.choose(chosen % before.length);
        list.apply({ keep: 0, added: summaries(...after) });
        assert.ok(after.includes(list.current?.step ?? -1));
      }),
    );
  });
});

describe('loading probes', () => {
  class Requests {
    readonly asked: number[] = [];
    readonly #waiting: { resolve: (probe: Probe) => void; reject: (error: Error) => void }[] = [];

    readonly fetch = (step: number): Promise<Probe> => {
      this.asked.push(step);
      return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    };

    async answer(error?: Error): Promise<void> {
      const waiting = this.#waiting.shift();
      if (error) waiting?.reject(error);
      else waiting?.resolve(madeUpProbe({ step: this.asked.at(-1) ?? 0 }));
      await new Promise((done) => setImmediate(done));
    }
  }

  const unexpected = (error: unknown) => {
    throw error;
  };

  it('requests one probe at a time, and skips those no longer wanted', async () => {
    const requests = new Requests();
    let arrived = 0;
    const loader = new ProbeLoader(requests.fetch, () => arrived++, unexpected);
    loader.want([5, 0]);
    loader.want([6, 0]);
    loader.want([7, 0]);
    assert.deepEqual(requests.asked, [5]);
    for (let i = 0; i < 3; i++) await requests.answer();
    assert.deepEqual(requests.asked, [5, 7, 0]);
    assert.equal(arrived, 3);
    loader.want([7, 5]);
    assert.deepEqual(requests.asked, [5, 7, 0]);
    assert.equal(loader.get(5)?.step, 5);
  });

  it('discards probes of a run that is no longer shown', async () => {
    const requests = new Requests();
    const loader = new ProbeLoader(requests.fetch, () => undefined, unexpected);
    loader.want([5]);
    loader.clear();
    await requests.answer();
    assert.equal(loader.get(5), undefined);
  });

  it('reports a failure once, and continues with the next probe', async () => {
    const requests = new Requests();
    const refusals: unknown[] = [];
    const loader = new ProbeLoader(
      requests.fetch,
      () => undefined,
      (error) => refusals.push(error),
    );
    loader.want([5, 6]);
    await requests.answer(new Error('gone'));
    await requests.answer();
    loader.want([5, 6]);
    assert.deepEqual(requests.asked, [5, 6]);
    assert.deepEqual(refusals.map(String), ['Error: gone']);
  });

  it('keeps a bounded number of probes, including the wanted ones', async () => {
    const loader = new ProbeLoader(
      async (step) => madeUpProbe({ step }),
      () => undefined,
      unexpected,
    );
    for (let step = 0; step < 100; step++) {
      loader.want([step, 0]);
      await new Promise((done) => setImmediate(done));
    }
    assert.equal(loader.get(0)?.step, 0);
    assert.equal(loader.get(99)?.step, 99);
    assert.equal(Array.from({ length: 100 }, (_, step) => loader.get(step)).filter(Boolean).length, 40);
  });
});
