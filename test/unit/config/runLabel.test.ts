import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { labelRuns, type LabeledRun, MAX_LABEL_LENGTH } from '../../../src/config/runLabel.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { assertNames, names } from '../../harness/facts.ts';
import { Random } from '../../oracle/random.ts';

let started = 0;
function run(config: RunConfigInput, change: Partial<LabeledRun> = {}): LabeledRun {
  started++;
  return {
    id: `run-${started}`,
    config: parseRunConfig(config),
    name: 'ferry.txt',
    createdAt: new Date(Date.UTC(2026, 0, 1, 10, 0, started)).toISOString(),
    states: null,
    parent: null,
    ...change,
  };
}

function texts(...runs: LabeledRun[]): string[] {
  const labels = labelRuns(runs);
  return runs.map(({ id }) => labels.get(id)?.text ?? '');
}

describe('labels of runs', () => {
  const kinds: [RunConfigInput, number | null, string][] = [
    [{ model: { cell: 'gru' } }, null, 'GRU 1x100'],
    [{ model: { cell: 'rnn', activation: 'relu', layers: 2, units: 8 } }, null, 'RNN (relu) 2x8'],
    [{ task: { name: 'tagging' }, model: { family: 'hidden-markov' } }, 12, 'HMM, 12 states'],
    [{ task: { name: 'tagging' }, model: { family: 'hidden-markov' } }, null, 'HMM'],
    [{ task: { name: 'classification' }, model: { family: 'hidden-markov', units: 3 } }, null, 'HMM, 3 states'],
    [{ task: { name: 'classification' }, model: { family: 'naive-bayes' } }, null, 'Bag of words, naive Bayes'],
    [{ task: { name: 'dates' }, model: { units: 64 } }, null, 'LSTM encoder-decoder 1x64'],
    [{ task: { name: 'tagging' }, model: { bidirectional: true } }, null, 'bidirectional LSTM 1x100'],
  ];
  for (const [config, states, kind] of kinds)
    it(`begin with the kind of the model: ${kind}`, () => {
      const [text = ''] = texts(run(config, { states }));
      assert.equal(text, `${kind} · ferry.txt`);
    });

  it('name what differs, and no more', () => {
    const pair = texts(
      run({ training: { learningRate: 0.005 } }),
      run({ training: { learningRate: 0.002, clipNorm: 0 } }),
    );
    assert.deepEqual(pair, ['LSTM 1x100 · lr 0.005 · clip 1', 'LSTM 1x100 · lr 0.002 · clip off']);
    assert.deepEqual(texts(run({}), run({ model: { cell: 'gru' } })), ['LSTM 1x100', 'GRU 1x100']);
    assert.deepEqual(texts(run({}), run({}, { name: 'input.txt' })), [
      'LSTM 1x100 · ferry.txt',
      'LSTM 1x100 · input.txt',
    ]);
  });

  it('have a difference of their own for runs that differ by their start only, or by nothing', () => {
    const other = run({ model: { cell: 'gru' } });
    const createdAt = '2026-01-01T10:00:00.000Z';
    for (const same of [
      [run({}), run({}), run({})],
      [run({}, { createdAt }), run({}, { createdAt })],
      [run({ seed: 2 }), run({ seed: 2 }), run({ seed: 3 })],
    ]) {
      const labels = labelRuns([...same, other]);
      const differences = same.map(({ id }) => labels.get(id)?.difference ?? '');
      assert.equal(new Set(differences).size, same.length, differences.join(' | '));
      assert.ok(!differences.includes(''));
    }
  });

  it('omit fields that have no effect, and name those that do not change what is learned only if nothing else differs', () => {
    const bags = ['bag-of-words', 'bag-of-words'].map((family, i) =>
      run({
        task: { name: 'classification' },
        model: { family: family as 'bag-of-words', ngrams: 1 + i },
        training: { learningRate: 0.001 * (1 + i) },
        sampling: { every: 100 + i },
      }),
    );
    for (const text of texts(...bags)) assert.ok(!names(text, '0.001') && !names(text, '0.002'), text);
    const probed = texts(run({ probes: { every: 50 } }), run({ probes: { every: 100 } }));
    assert.ok(probed[0]?.includes('50') && probed[1]?.includes('100'));
    const both = texts(run({ seed: 1, probes: { every: 50 } }), run({ seed: 2, probes: { every: 100 } }));
    assert.deepEqual(both, ['LSTM 1x100 · seed 1', 'LSTM 1x100 · seed 2']);
  });

  it('name what was changed of the parent, also without the parent', () => {
    const parent = run({});
    const changes = { 'model.forgetBias': 3 };
    const child = run({ model: { forgetBias: 3 } }, { parent: { run: parent.id, reason: 'advice', changes } });
    assert.equal(texts(child)[0], 'LSTM 1x100 · ferry.txt + forget bias 3');
    assert.equal(texts(parent, child)[1], 'LSTM 1x100 + forget bias 3');
    assert.notEqual(...(texts(parent, child) as [string, string]));
    const lstm = run({}, { parent: { run: 'gone', reason: 'advice', changes: { 'model.cell': 'lstm' } } });
    assert.equal(texts(lstm)[0], 'LSTM 1x100 · ferry.txt');
  });

  it('of equal runs differ in their time, and in a number if the time is equal too', () => {
    const [first = '', second = ''] = texts(run({}), run({}));
    assert.match(first, /^LSTM 1x100 · .*:\d\d:\d\d/);
    assert.match(second, /^LSTM 1x100 · .*:\d\d:\d\d/);
    assert.notEqual(first, second);
    const createdAt = '2026-01-01T10:00:00.000Z';
    const equal = texts(run({}, { createdAt }), run({}, { createdAt }), run({}, { createdAt }));
    assert.equal(new Set(equal).size, 3);
  });

  it('hold the name of the data in the title', () => {
    const [one, other] = [run({}), run({ seed: 2 })];
    const labels = labelRuns([one, other]);
    assertNames(labels.get(one.id)?.title ?? '', 'LSTM 1x100', 'ferry.txt', 1);
    assertNames(labels.get(other.id)?.title ?? '', 'LSTM 1x100', 'ferry.txt', 2);
  });

  const random = new Random(11);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)]!;
  const randomRun = (): LabeledRun =>
    run(
      {
        model: {
          cell: pick(['lstm', 'gru', 'rnn']),
          units: pick([8, 100]),
          forgetBias: pick([0, 1, 3]),
          dropout: pick([0, 0.3]),
        },
        data: { sequenceLength: pick([20, 50]) },
        training: {
          learningRate: pick([0.001, 0.002, 0.005]),
          clipNorm: pick([0, 1, 3]),
          batchSize: pick([8, 16]),
          optimizer: pick(['adam', 'sgd']),
          steps: pick([100, 5000]),
        },
        sampling: { every: pick([0, 500]), prompt: pick(['', 'x'.repeat(200)]) },
        seed: pick([1, 2, 3]),
      },
      {
        name: pick(['ferry.txt', `${'long'.repeat(80)}.txt`]),
        createdAt: new Date(Date.UTC(2026, 0, 1, pick([9, 10]))).toISOString(),
        parent: pick([
          null,
          { run: 'p', reason: 'again', changes: { 'training.learningRate': 1, seed: 2, 'model.dropout': 0 } },
        ]),
      },
    );

  it('are distinct, bounded and independent of the order, for any runs', () => {
    for (const count of [1, 2, 3, 5, 10, 40, 120]) {
      const runs = Array.from({ length: count }, randomRun);
      const labels = labelRuns(runs);
      assert.equal(labels.size, count);
      assert.equal(new Set([...labels.values()].map(({ text }) => text)).size, count, `${count} runs`);
      assert.equal(new Set([...labels.values()].map(({ title }) => title)).size, count, `${count} runs`);
      for (const { text, title } of labels.values())
        assert.ok(text.length <= MAX_LABEL_LENGTH && title.length <= MAX_LABEL_LENGTH, title);
      const shuffled = runs.toSorted(() => random.next() - 0.5);
      for (const [id, label] of labelRuns(shuffled)) assert.deepEqual(label, labels.get(id));
    }
  });
});
