import assert from 'node:assert/strict';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { LayerProbe, Probe } from '../../../src/protocol/probes.ts';
import type { RunSettings } from '../../../src/probes/advice.ts';
import { takeProbe } from '../../../src/probes/takeProbe.ts';
import { parseRunConfig, setField } from '../../../src/config/parse.ts';
import { constructed, type Construction } from './constructed.ts';
import { context } from './context.ts';
import { assertNames } from '../../harness/facts.ts';

async function probeOf(
  construction: Construction,
  settings: Partial<RunSettings> = {},
  clippedShare = 0,
): Promise<{ probe: Probe; layer: LayerProbe }> {
  const { cell, activation = 'tanh', forgetBias = 0, orthogonal } = construction;
  const of = {
    cell,
    activation,
    forgetBias,
    recurrentGain: orthogonal ?? 1,
    recurrentInitializer: orthogonal === undefined ? 'uniform' : 'orthogonal',
  };
  const probe = await takeProbe(constructed(construction), {
    ...context,
    thorough: false,
    clippedShare,
    settings: { ...context.settings, ...of, ...settings },
  });
  return { probe, layer: probe.layers[0]! };
}

function assertBetween(value: number | null | undefined, low: number, high: number): void {
  assert.ok(value != null && value > low && value < high, `${value} is between ${low} and ${high}`);
}

const verdicts = ({ verdict }: Probe): string[] => verdict.reasons.map((reason) => reason.verdict);
const advice = ({ verdict }: Probe): string[] => verdict.advice.map(({ name }) => name);
const sentences = ({ verdict }: Probe): string => verdict.reasons.map(({ sentence }) => sentence).join(' ');

describe('the verdict of a probe', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('vanishing: a tanh RNN at its start, where the summed loss shows nothing', async () => {
    const { probe, layer } = await probeOf({ cell: 'rnn' });
    assertBetween(layer.lastStep.h[20], 1e-8, 1e-5);
    assertBetween((layer.summed.h[20] ?? NaN) / (layer.summed.h[0] ?? NaN), 0.9, 1.2);
    assertBetween(layer.effectiveMemory, 2, 12);
    assert.deepEqual(verdicts(probe), ['vanishing']);
    assert.deepEqual(advice(probe), ['lstm', 'orthogonal', 'truncate']);
    assertNames(sentences(probe), 20, 0);
    assert.match(sentences(probe), / \d\.\de-\d /);
  });

  it('vanishing: a recurrent kernel with a largest singular value below 1, which is sufficient', async () => {
    const { probe, layer } = await probeOf({ cell: 'rnn', orthogonal: 0.6 });
    assertBetween(layer.sigmaMax, 0.5999, 0.6001);
    assertBetween(layer.lastStep.h[20], 0, 0.6 ** 20);
    assertNames(sentences(probe), 0.6, 'tanh', 'Pascanu');
  });

  for (const [forgetBias, low, high, verdict] of [
    [0, 1e-6, 1e-4, 'vanishing'],
    [1, 1e-3, 1e-2, 'healthy'],
    [3, 0.03, 0.3, 'healthy'],
  ] as const) {
    it(`${verdict}: an LSTM at its start with a forget bias of ${forgetBias}`, async () => {
      const { probe, layer } = await probeOf({ cell: 'lstm', forgetBias });
      assertBetween(layer.lastStep.h[20], low, high);
      assert.equal(layer.forgetBias, forgetBias);
      assert.deepEqual(verdicts(probe), [verdict]);
      assert.deepEqual(advice(probe).slice(0, 1), forgetBias === 0 ? ['forgetBias'] : []);
    });
  }

  it('exploding: three times an orthogonal matrix; a largest singular value above 1 is necessary, not sufficient', async () => {
    const { probe, layer } = await probeOf({ cell: 'rnn', orthogonal: 3 });
    assertBetween(layer.lastStep.h[20], 100, 3 ** 20);
    assert.equal(probe.verdict.verdict, 'exploding');
    assertNames(sentences(probe), 10, 3, 1, 'Pascanu');
    assert.deepEqual(advice(probe).slice(0, 2), ['clip', 'orthogonal']);
  });

  it('not exploding: a largest singular value above 1 whose gradient vanishes', async () => {
    const { probe, layer } = await probeOf({ cell: 'rnn' });
    assertBetween(layer.sigmaMax, 1.0001, 2);
    assert.equal(probe.verdict.verdict, 'vanishing');
  });

  it('exploding: a loss that is not finite', async () => {
    const { probe } = await probeOf({ cell: 'rnn', activation: 'linear', orthogonal: 50 });
    assert.equal(probe.loss, null);
    assert.deepEqual(verdicts(probe), ['exploding']);
  });

  it('clipped: on more than 20 % of the last 100 steps', async () => {
    const { probe } = await probeOf({ cell: 'lstm', forgetBias: 3 }, { clipNorm: 1 }, 0.43);
    assert.deepEqual(verdicts(probe), ['clipped']);
    assertNames(sentences(probe), '43 %', 100);
    assert.deepEqual(advice(probe), ['lowerLearningRate', 'raiseClip']);
    const { probe: seldom } = await probeOf({ cell: 'lstm', forgetBias: 3 }, { clipNorm: 1 }, 0.2);
    assert.deepEqual(verdicts(seldom), ['healthy']);
  });

  it('saturated: large inputs push the gates to their bounds, while the cell state carries the gradient', async () => {
    const { probe, layer } = await probeOf({ cell: 'lstm', forgetBias: 30, inputs: 20 });
    assert.deepEqual(verdicts(probe), ['saturated']);
    assertBetween(layer.lastStep.h[20], 1e-3, 100);
    const forget = layer.gates.find(({ gate }) => gate === 'forget');
    assertBetween(forget?.high, 0.9, 1.1);
    assertNames(sentences(probe), 0.1, 0.9);
    assert.match(sentences(probe), /\d\d %/);
  });

  it('gives all reasons, most severe first', async () => {
    const { probe } = await probeOf({ cell: 'rnn', orthogonal: 1, inputs: 8 }, {}, 0.5);
    assert.deepEqual(verdicts(probe), ['vanishing', 'clipped', 'saturated']);
    assert.equal(new Set(advice(probe)).size, advice(probe).length);
  });

  it('advises fields that the configuration has', async () => {
    const { probe } = await probeOf({ cell: 'rnn', orthogonal: 3 });
    const { probe: other } = await probeOf({ cell: 'rnn' }, { clipNorm: 1 }, 0.5);
    for (const { changes } of [...probe.verdict.advice, ...other.verdict.advice]) {
      const config = {};
      for (const [field, value] of Object.entries(changes)) setField(config, field, value);
      assert.doesNotThrow(() => parseRunConfig(config), Object.keys(changes).join());
    }
  });
});
