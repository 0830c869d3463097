import assert from 'node:assert/strict';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { parseRunConfig, setField } from '../../../src/config/parse.ts';
import type { RunSettings } from '../../../src/judgment/advice.ts';
import { takeProbe, type ProbeContext } from '../../../src/probes/takeProbe.ts';
import type { Flow } from '../../../src/protocol/flow.ts';
import type { LayerProbe, Probe } from '../../../src/protocol/probes.ts';
import type { Finding, Learning } from '../../../src/protocol/verdicts.ts';
import { assertNames } from '../../harness/facts.ts';
import { constructed, type Construction } from './constructed.ts';
import { context } from './context.ts';
import { say } from '../../../src/phrases/phrase.ts';

const WINDOW = 50;

async function probeOf(
  construction: Construction,
  settings: Partial<RunSettings> = {},
  changes: Partial<ProbeContext> = {},
): Promise<{ probe: Probe; layer: LayerProbe; flow: Flow }> {
  const { cell, activation = 'tanh', forgetBias = 0, orthogonal } = construction;
  const of = {
    cell,
    activation,
    forgetBias,
    recurrentGain: orthogonal ?? 1,
    recurrentInitializer: orthogonal === undefined ? 'uniform' : 'orthogonal',
  };
  const probe = await takeProbe(constructed({ steps: WINDOW, batch: 16, ...construction }), {
    ...context,
    step: 100,
    thorough: false,
    ...changes,
    settings: { ...context.settings, ...of, ...settings },
  });
  return { probe, layer: probe.layers[0]!, flow: probe.flow[0]! };
}

/** A run whose last validations led to these verdicts. */
function learned(...verdicts: Finding['verdict'][]): { learning: Learning } {
  const findings = verdicts.map((verdict) => ({
    verdict,
    layer: null,
    direction: null,
    sentence: 'The losses say so.',
    numbers: {},
  }));
  return { learning: { step: 100, findings, advice: [] } };
}

function assertBetween(value: number | null | undefined, low: number, high: number): void {
  assert.ok(value != null && value > low && value < high, `${value} is between ${low} and ${high}`);
}

const verdicts = (probe: Probe): string[] => probe.verdicts.map(({ verdict }) => verdict);
const facts = (probe: Probe): string[] => probe.facts.map(({ fact }) => fact);
const advice = (probe: Probe): string[] => probe.advice.map(({ name }) => name);
const sentences = (probe: Probe): string => probe.verdicts.map(({ sentence }) => say(sentence)).join(' ');

/** Checks that no other advice is given: what was measured to fail is left out. */
function assertOnly(names: readonly string[], ...allowed: string[]): void {
  assert.ok(
    names.every((name) => allowed.includes(name)),
    names.join(),
  );
}

describe('the verdict on gradient flow', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [factor, verdict] of [
    [1.1, 'exploding'],
    [1, 'carries'],
    [0.9, 'vanishing'],
  ] as const) {
    it(`${verdict}: a linear RNN with ${factor} times an orthogonal matrix, over its window of 50`, async () => {
      const { probe, flow } = await probeOf({ cell: 'rnn', activation: 'linear', orthogonal: factor });
      assert.deepEqual(verdicts(probe), [verdict]);
      assertBetween(flow.ratioAtEnd, factor ** WINDOW * 0.999, factor ** WINDOW * 1.001);
      assertBetween(flow.growthPerStep.value, factor - 1e-4, factor + 1e-4);
    });
  }

  it('exploding: a tanh RNN with 1.6 times an orthogonal matrix, whose units are not saturated', async () => {
    const { probe, flow } = await probeOf({ cell: 'rnn', orthogonal: 1.6, inputs: 0.01 });
    assert.equal(probe.verdict, 'exploding');
    assertBetween(flow.ratioAtEnd, 10, 1.6 ** WINDOW);
  });

  it('vanishing: a tanh RNN at its start, where the summed loss shows nothing', async () => {
    const { probe, layer, flow } = await probeOf({ cell: 'rnn' });
    assertBetween(flow.ratioAtEnd, 1e-20, 1e-8);
    assertBetween((layer.summed.h[20] ?? NaN) / (layer.summed.h[0] ?? NaN), 0.8, 1.3);
    assertBetween(flow.stepsToHundredth, 2, 12);
    assert.equal(probe.verdict, 'vanishing');
    assertOnly(advice(probe), 'lstm', 'orthogonal');
    assertNames(sentences(probe), flow.stepsToHundredth ?? NaN, WINDOW, 16);
  });

  it('names the theory for a recurrent kernel with a largest singular value below 1, which is sufficient', async () => {
    const { probe, layer } = await probeOf({ cell: 'rnn', orthogonal: 0.6 });
    assertBetween(layer.sigmaMax, 0.5999, 0.6001);
    assertNames(sentences(probe), 0.6, 'Pascanu');
  });

  for (const [forgetBias, verdict] of [
    [0, 'vanishing'],
    [1, 'vanishing'],
    [6, 'carries'],
  ] as const) {
    it(`${verdict}: an LSTM at its start with a forget bias of ${forgetBias}, over 50 steps`, async () => {
      const { probe, flow } = await probeOf({ cell: 'lstm', forgetBias });
      assert.deepEqual(verdicts(probe), [verdict]);
      assertOnly(advice(probe), ...(verdict === 'vanishing' ? ['forgetBias'] : []));
      assert.equal(flow.c?.length, WINDOW + 1);
    });
  }

  it('judges the whole state of an LSTM: the cell path carries what h alone loses', async () => {
    const { probe, flow } = await probeOf({ cell: 'lstm', forgetBias: 30 });
    assert.deepEqual(verdicts(probe), ['carries']);
    assertBetween(flow.c?.at(-1), 1, 100);
    assertBetween(flow.ratioAtEnd, 0.01, 10);
    assertBetween(flow.h.at(-1), 0, 1);
  });

  it('does not follow from a largest singular value above 1', async () => {
    const { probe, layer } = await probeOf({ cell: 'rnn' });
    assertBetween(layer.sigmaMax, 1.0001, 2);
    assert.equal(probe.verdict, 'vanishing');
    assert.ok(!sentences(probe).includes('Pascanu'));
  });

  it('compares the reach to the distance of the answer', async () => {
    const { probe } = await probeOf({ cell: 'rnn', activation: 'linear', orthogonal: 0.9 }, {}, { distance: 45 });
    assertBetween(probe.verdicts[0]?.numbers['ratioAtDistance'], 0.9 ** 45 * 0.999, 0.9 ** 45 * 1.001);
    assertNames(sentences(probe), 45);
  });

  it('follows no more sequences than allowed, spread over all', async () => {
    const { flow, probe } = await probeOf({ cell: 'rnn' }, {}, { sequences: 5 });
    assert.deepEqual([flow.sequences, probe.batch], [5, 8]);
  });
});

describe('the headline of a probe', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('is that the loss is not finite, and where it overflows', async () => {
    const { probe } = await probeOf({ cell: 'rnn', activation: 'linear', orthogonal: 50 });
    assert.equal(probe.loss, null);
    assert.equal(probe.verdict, 'not-finite');
    assert.deepEqual(verdicts(probe), ['not-finite', 'exploding']);
    assertOnly(advice(probe), 'clip', 'orthogonal', 'lowerLearningRate', 'truncate');
  });

  it('is what the losses say, above the gradient flow, which still is in the list', async () => {
    for (const verdict of ['worse-than-uniform', 'no-better-than-counting', 'overfitting', 'plateau'] as const) {
      const { probe } = await probeOf({ cell: 'rnn' }, {}, learned(verdict));
      assert.deepEqual([probe.verdict, ...verdicts(probe)], [verdict, verdict, 'vanishing']);
    }
  });

  it('is the gradient flow if the loss still falls', async () => {
    const { probe } = await probeOf({ cell: 'rnn' }, {}, learned('still-falling'));
    assert.deepEqual([probe.verdict, ...verdicts(probe)], ['vanishing', 'still-falling', 'vanishing']);
  });

  it('is healthy if nothing else holds, and that is never a finding', async () => {
    const { probe } = await probeOf({ cell: 'rnn', activation: 'linear', orthogonal: 1 });
    assert.deepEqual([probe.verdict, ...verdicts(probe)], ['healthy', 'carries']);
  });
});

describe('the facts of a probe', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));
  const carrying: Construction = { cell: 'rnn', activation: 'linear', orthogonal: 1 };

  it('mention clipping without an alarm and without advice while the loss falls', async () => {
    const { probe } = await probeOf(carrying, { clipNorm: 1 }, { clippedShare: 0.43, ...learned('still-falling') });
    assert.deepEqual([probe.verdict, facts(probe), advice(probe)], ['healthy', ['clipped'], []]);
    assertNames(probe.facts[0]?.sentence ?? '', '43 %', 100);
  });

  it('become advice where the loss does not fall', async () => {
    const { probe } = await probeOf(carrying, { clipNorm: 1 }, { clippedShare: 0.43, ...learned('plateau') });
    assert.deepEqual(facts(probe), ['clipped']);
    assertOnly(advice(probe), 'lowerLearningRate', 'raiseClip');
  });

  it('mention saturated gates, which a network that learns may have', async () => {
    const { probe, layer } = await probeOf({ cell: 'lstm', forgetBias: 30, inputs: 20 });
    assert.ok(facts(probe).includes('saturated'));
    assert.notEqual(probe.verdict, 'plateau');
    assertBetween(layer.gates.find(({ gate }) => gate === 'forget')?.high, 0.9, 1.1);
  });

  it('speak of hidden values in a simple RNN, which has no gates', async () => {
    const { probe } = await probeOf({ cell: 'rnn', orthogonal: 1, inputs: 8 });
    const saturated = probe.facts.find(({ fact }) => fact === 'saturated');
    assert.ok(saturated && !say(saturated.sentence).includes('gate'));
  });

  it('explain the initial weights of each cell before the first step, and never later', async () => {
    for (const cell of ['lstm', 'gru', 'rnn'] as const) {
      const orthogonal = cell === 'rnn' ? { orthogonal: 1 } : {};
      const { probe } = await probeOf({ cell, ...orthogonal }, {}, { step: 0 });
      assert.ok(facts(probe).includes('untrained'), cell);
      const { probe: later } = await probeOf({ cell, ...orthogonal });
      assert.ok(!facts(later).includes('untrained'), cell);
    }
  });
});

describe('the advice of a probe', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('changes fields that the configuration has, each once', async () => {
    const { probe } = await probeOf({ cell: 'rnn', orthogonal: 3, inputs: 0.01 });
    const { probe: other } = await probeOf(
      { cell: 'rnn' },
      { clipNorm: 1 },
      { clippedShare: 0.5, ...learned('plateau') },
    );
    assert.equal(new Set(advice(other)).size, advice(other).length);
    for (const { changes } of [...probe.advice, ...other.advice]) {
      const config = {};
      for (const [field, value] of Object.entries(changes)) setField(config, field, value);
      assert.doesNotThrow(() => parseRunConfig(config), Object.keys(changes).join());
    }
  });

  it('begins with that for the verdict on learning', async () => {
    const keepBest = { name: 'keepBest', label: 'Keep the best', why: 'It is better.', changes: {} } as const;
    const measured = { ...keepBest, occasion: 'overfitting', odds: { tried: 10, helped: 10 } } as const;
    const { learning } = learned('overfitting');
    const { probe } = await probeOf({ cell: 'rnn' }, {}, { learning: { ...learning, advice: [measured] } });
    assert.equal(advice(probe)[0], 'keepBest');
  });
});
