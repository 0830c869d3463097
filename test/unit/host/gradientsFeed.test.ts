import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { GradientsFeed } from '../../../src/host/gradients/gradientsFeed.ts';
import { onRunInView, runInView } from '../../../src/host/gradients/runInView.ts';
import { ProbesFeed } from '../../../src/host/gradients/probesFeed.ts';
import { TICK_MS } from '../../../src/host/panel/panelFeed.ts';
import { ProbeHistory } from '../../../src/host/runs/probeHistory.ts';
import { gradientsViewContract, type RemoteGradientsView } from '../../../src/protocol/gradientsView.ts';
import { probesChange, type ProbeSummary } from '../../../src/protocol/probeHistory.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { newModel, startEvent, stepEvent } from './examples.ts';

const light = (step: number) => madeUpProbe({ step, timeSteps: 2, complete: false });

/** A page that implements the protocol and counts messages. */
class FakePage {
  readonly shown: (string | null)[] = [];
  updates = 0;
  messages = 0;
  probes: ProbeSummary[] = [];

  readonly remote: RemoteGradientsView = {
    show: async (run) => {
      const [shown] = gradientsViewContract.show.args.parse([run]);
      this.shown.push(shown?.id ?? null);
      this.probes = [];
    },
    update: async (run) => {
      gradientsViewContract.update.args.parse([run]);
      this.updates++;
    },
    probes: async (change) => {
      const { keep, added } = probesChange.parse(change);
      assert.ok(keep <= this.probes.length);
      this.messages++;
      this.probes = [...this.probes.slice(0, keep), ...added];
    },
  };
}

describe('ProbesFeed', () => {
  it('keeps the page equal to the history, and sends nothing without a change', () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), n: fc.integer({ min: 1, max: 150 }) }),
      fc.record({ kind: fc.constant('cut' as const), n: fc.nat(100) }),
      fc.record({ kind: fc.constant('replace' as const), n: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const probes = new ProbeHistory();
        let page: readonly ProbeSummary[] = [];
        let messages = 0;
        const feed = new ProbesFeed(({ keep, added }) => {
          messages++;
          page = [...page.slice(0, keep), ...added];
        });
        for (const { kind, n } of changes) {
          const last = probes.latest?.step ?? 0;
          if (kind === 'add') for (let i = 1; i <= n; i++) probes.add(light(last + i));
          if (kind === 'cut') probes.cutAfter(Math.max(0, last - n));
          if (kind === 'replace') probes.replace(Array.from({ length: n }, (_, i) => light(i)));
          feed.send({ probes });
          assert.deepEqual(page, probes.summaries);
          const sent = messages;
          feed.send({ probes });
          assert.equal(messages, sent);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('GradientsFeed', () => {
  const unexpected = (error: unknown) => {
    throw error;
  };

  it('sends everything once, then changes, at most ten times a second', async () => {
    const page = new FakePage();
    const model = newModel();
    model.apply(startEvent());
    for (const step of [0, 100]) model.apply({ event: 'probe', probe: light(step) });
    const feed = new GradientsFeed(page.remote, unexpected);
    feed.show(model);
    assert.deepEqual([page.shown, page.probes.length, page.updates], [[model.id], 2, 1]);
    for (let step = 101; step <= 300; step++) {
      model.apply(stepEvent(step));
      if (step % 100 === 0) model.apply({ event: 'probe', probe: light(step) });
      feed.changed();
    }
    assert.equal(page.updates, 1);
    await sleep(2 * TICK_MS);
    assert.deepEqual([page.updates, page.messages, page.probes.length], [2, 2, 4]);
  });

  it('restarts when the run returns to a checkpoint, and sends nothing while hidden', async () => {
    const page = new FakePage();
    const model = newModel();
    for (const step of [0, 100, 200]) model.apply({ event: 'probe', probe: light(step) });
    const feed = new GradientsFeed(page.remote, unexpected);
    feed.show(model);
    model.apply(startEvent({ step: 100 }));
    feed.changed();
    await sleep(2 * TICK_MS);
    assert.equal(page.shown.length, 2);
    assert.deepEqual(
      page.probes.map(({ step }) => step),
      [0, 100],
    );
    const { updates } = page;
    feed.changed();
    feed.pause();
    await sleep(2 * TICK_MS);
    assert.equal(page.updates, updates);
    feed.show(undefined);
    assert.equal(page.shown.at(-1), null);
  });
});

describe('run in the gradients view', () => {
  function places(front: string | undefined, selected: string | undefined, runs: string[]) {
    const listeners = new Set<() => void>();
    const listen = (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    };
    return {
      listeners,
      places: {
        panels: { frontRun: front, onDidChangeFront: listen },
        tree: { selected, onDidSelect: (listener: () => void) => listen(() => listener()) },
        runs: { runs, onDidChangeList: (listener: () => void) => listen(() => listener()) },
      },
    };
  }

  const cases: [
    front: string | undefined,
    selected: string | undefined,
    runs: string[],
    expected: string | undefined,
  ][] = [
    ['front', 'selected', ['newest', 'selected', 'front'], 'front'],
    [undefined, 'selected', ['newest', 'selected'], 'selected'],
    [undefined, undefined, ['newest', 'older'], 'newest'],
    [undefined, 'deleted', ['newest'], 'newest'],
    [undefined, undefined, [], undefined],
  ];
  for (const [front, selected, runs, expected] of cases) {
    it(`is ${expected ?? 'none'} with ${front ?? 'none'} in front, ${selected ?? 'none'} selected, of ${runs.length}`, () =>
      assert.equal(runInView(places(front, selected, runs).places), expected));
  }

  it('changes with each of the three sources, until the listener is disposed', () => {
    const { places: watched, listeners } = places(undefined, undefined, []);
    let heard = 0;
    const listening = onRunInView(watched, () => heard++);
    for (const listener of listeners) listener();
    assert.equal(heard, 3);
    listening.dispose();
    assert.equal(listeners.size, 0);
  });
});
