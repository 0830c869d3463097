import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEffect, ineffectiveFields } from '../../../src/config/applicability.ts';
import { configFields } from '../../../src/config/fields.ts';
import { ConfigError, getField, parseRunConfig, setField } from '../../../src/config/parse.ts';
import type { RunConfig, RunConfigInput } from '../../../src/config/schema.ts';
import type { RunSource } from '../../../src/protocol/trainer.ts';
import { Session } from '../../../src/worker/session.ts';
import { FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { recorder, rhyme } from './fixture.ts';

/** Rows of a table, as the text of an editor. */
function table(name: string, rows: readonly (readonly string[])[]): RunSource {
  return { kind: 'text', name, text: rows.map((cells) => `${cells.join('\t')}\n`).join('') };
}

const things = ['film', 'book', 'play', 'song', 'meal', 'room', 'walk', 'game'];
const opinions = things.flatMap((thing, index) => [
  [
    `${index % 2 === 0 ? 'the' : 'The'} ${thing} is good and long enough`,
    `a ${thing}`,
    'praise',
    ['calm', 'loud', 'odd'][index % 3] ?? '',
  ],
  [
    `this ${thing} is ${index % 2 === 0 ? 'dull' : 'düll'} and far too long`,
    `no ${thing}`,
    index < 4 ? 'blame' : 'praise',
    'calm',
  ],
]);
const sentences = things.flatMap((thing) => [
  ['the', 'a', 'DET', 'other'],
  [thing, `${thing}s`, 'NOUN', 'noun'],
  [`${thing}er`, `${thing}ers`, 'NOUN', 'noun'],
  ['ended', 'end', 'VERB', 'other'],
  [''],
]);
const pairs = things.map((thing, index) => [
  `the ${thing} ${index % 3}`,
  `le ${thing} ${'tres '.repeat(index % 4)}bon`,
]);
const names = things.flatMap((thing) => [
  [`${thing}o`, 'south'],
  [`${thing}sen`, 'north'],
]);
const waves = Array.from({ length: 60 }, (_, t) => [Math.sin(t / 3), Math.cos(t / 2)].map((value) => value.toFixed(3)));
/** The waves by day: two days in the wrong order, one twice, one missing, and a number that may mean a missing value. */
const daily = waves.flatMap((row, t) => {
  const day = new Date(Date.UTC(2024, 0, 1 + (t === 9 ? 10 : t === 10 ? 9 : t))).toISOString().slice(0, 10);
  const values = t === 20 ? ['0.5', '0.5'] : row;
  return t === 30
    ? []
    : t === 40
      ? [
          [day, ...values],
          [day, '0.7', '0.2'],
        ]
      : [[day, ...values]];
});
const text: RunSource = { kind: 'text', name: 'rhyme.txt', text: rhyme.slice(0, 1200) };

/** A text with rare words. */
const sayings: RunSource = {
  kind: 'text',
  name: 'sayings.txt',
  text: opinions.map(([saying]) => `${saying}\n`).join(''),
};

interface Combination {
  readonly config: RunConfigInput;
  readonly source: RunSource;
}

const generated: RunSource = { kind: 'generated' };
const classified = table('opinions.tsv', [['text', 'remark', 'label', 'mood'], ...opinions]);
const classification = { name: 'classification', textColumn: 'text', labelColumn: 'label', minimumCount: 1 } as const;

/** Every task and family, with the cells spread over them. */
const combinations: readonly Combination[] = [
  { config: {}, source: text },
  { config: { model: { cell: 'gru' } }, source: text },
  { config: { model: { cell: 'rnn' } }, source: text },
  { config: { task: { name: 'language-model', tokens: 'word', minimumCount: 1 } }, source: sayings },
  { config: { task: { name: 'temporal-order', validationSequences: 6 } }, source: generated },
  { config: { task: { name: 'adding', validationSequences: 6 }, model: { cell: 'rnn' } }, source: generated },
  {
    config: { task: { name: 'copying', validationSequences: 6 }, model: { cell: 'gru' }, data: { sequenceLength: 22 } },
    source: generated,
  },
  { config: { task: { name: 'recall', distance: 6, validationSequences: 6 } }, source: generated },
  { config: { task: classification }, source: classified },
  ...(['convolutional', 'bag-of-words', 'naive-bayes', 'hidden-markov'] as const).map((family) => ({
    config: { task: classification, model: { family, ...(family === 'convolutional' && { embedding: 3 }) } },
    source: classified,
  })),
  ...(['recurrent', 'hidden-markov'] as const).map((family) => ({
    config: {
      task: { name: 'tagging' as const, minimumCount: 1, wordColumn: 1, tagColumn: 4 },
      model: { family, cell: 'gru' as const },
    },
    source: table('tags.tsv', sentences),
  })),
  {
    config: {
      task: { name: 'sequence-to-sequence', sourceColumn: '1', targetColumn: '2', minimumCount: 1, validationPairs: 3 },
      data: { sequenceLength: 40 },
    },
    source: table('pairs.tsv', pairs),
  },
  { config: { task: { name: 'reversing', validationPairs: 4 }, model: { cell: 'rnn' } }, source: generated },
  { config: { task: { name: 'forecasting' } }, source: table('waves.tsv', [['day', 'a', 'b'], ...daily]) },
  {
    config: { task: { name: 'conditioned-generation' }, model: { cell: 'gru' } },
    source: table('names.tsv', [['text', 'label'], ...names]),
  },
];

type Fields = Readonly<Record<string, unknown>>;

/** Another value of each field, and the other fields that it needs where it has no effect without them. */
const variants: Readonly<Record<string, { readonly value: unknown; readonly given?: Fields }>> = {
  'task.validationSequences': { value: 5 },
  'task.tokens': { value: 'character', given: { 'task.name': 'language-model', 'task.tokens': 'word' } },
  'task.textColumn': { value: 'remark' },
  'task.labelColumn': { value: 'mood' },
  'task.labelSeparator': { value: ',' },
  'task.groupColumn': { value: 'mood' },
  'task.wordRules': { value: 'english' },
  'task.lowerCase': { value: false },
  'task.stripAccents': { value: true },
  'task.minimumCount': { value: 4 },
  'task.merges': { value: 1, given: { 'task.tokens': 'subword' } },
  'task.maximumVocabulary': { value: 10 },
  'task.maximumLength': { value: 2 },
  'task.classWeights': { value: 'balanced' },
  'task.wordDropout': { value: 0.5 },
  'task.wordColumn': { value: 2 },
  'task.tagColumn': { value: 3 },
  'task.sourceColumn': { value: '2' },
  'task.targetColumn': { value: '1' },
  'task.validationPairs': { value: 1 },
  'task.distance': { value: 5 },
  'task.longest': { value: 4 },
  'task.column': { value: 'a' },
  'task.inputs': { value: 'b' },
  'task.timeColumn': { value: 'none' },
  'task.gaps': { value: 'interpolate' },
  'task.doubles': { value: 'last' },
  'task.calendar': { value: 'weekday' },
  'task.missingValues': { value: '0.5' },
  'task.transform': { value: 'difference', given: { 'task.transform': 'none' } },
  'task.season': { value: 3, given: { 'task.transform': 'seasonal-difference' } },
  'task.horizon': { value: 2 },
  'task.strategy': { value: 'recursive', given: { 'task.horizon': 2, 'task.inputs': 'b' } },
  'task.loss': { value: 'quantile' },
  'task.quantiles': { value: '0.3,0.5', given: { 'task.loss': 'quantile' } },

  'data.sequenceLength': { value: 5, given: { 'data.sequenceLength': 11 } },
  'data.stride': { value: 3 },
  'data.validationShare': { value: 0.4 },
  'data.split': { value: 'random' },
  'data.validationLimit': { value: 20 },

  'model.cell': { value: 'rnn', given: { 'model.cell': 'gru' } },
  'model.layers': { value: 2 },
  'model.bidirectional': { value: true },
  'model.units': { value: 4 },
  'model.bias': { value: false },
  'model.projection': { value: 2 },
  'model.activation': { value: 'relu' },
  'model.recurrence': { value: 'output' },
  'model.resetAfter': { value: true },
  'model.embedding': { value: 2 },
  'model.tieWeights': { value: true, given: { 'model.embedding': 3 } },
  'model.dropout': { value: 0.5, given: { 'model.layers': 2 } },
  'model.pooling': { value: 'mean' },
  'model.attention': { value: 'dot' },
  'model.hidden': { value: 2 },
  'model.features': { value: 'tf-idf' },
  'model.penalty': { value: 0.1 },
  'model.kernelWidths': { value: '2' },
  'model.filters': { value: 3 },
  'model.ngrams': { value: 2 },
  'model.smoothing': { value: 0.3 },
  'model.kernelInitializer': { value: 'normal' },
  'model.recurrentInitializer': { value: 'normal' },
  'model.recurrentGain': { value: 0.5 },
  'model.standardDeviation': { value: 0.3, given: { 'model.kernelInitializer': 'normal' } },
  'model.forgetBias': { value: 2 },

  'training.batchSize': { value: 3 },
  'training.optimizer': { value: 'rmsprop' },
  'training.momentum': { value: 0.9, given: { 'training.optimizer': 'sgd' } },
  'training.learningRate': { value: 0.02 },
  'training.schedule': { value: 'cosine' },
  'training.lastLearningRate': { value: 0.1, given: { 'training.schedule': 'range-test' } },
  'training.warmUp': { value: 2 },
  'training.decayEvery': { value: 1, given: { 'training.schedule': 'step' } },
  'training.decayFactor': { value: 0.1, given: { 'training.schedule': 'step', 'training.decayEvery': 1 } },
  'training.plateauPatience': {
    value: 1,
    given: { 'training.schedule': 'plateau', 'training.learningRate': 5, 'training.steps': 8 },
  },
  'training.weightDecay': { value: 0.5 },
  'training.clipNorm': { value: 0.001 },
  'training.clipValue': { value: 0.001 },
  'training.truncation': { value: 3 },

  'sampling.every': { value: 1 },
  'sampling.length': { value: 60 },
  'sampling.temperature': { value: 5 },
  'sampling.topK': { value: 1 },
  'sampling.topP': { value: 0.1 },
  'sampling.minP': { value: 0.99 },
  'sampling.repetitionPenalty': { value: 9 },
  // One of them is in every sample.
  'sampling.stop': { value: 'a\ne\no\nt\ns\nn\n ' },
  'sampling.prompt': { value: 'the' },
  'probes.every': { value: 2 },
  seed: { value: 2 },
};

/** Fields whose effect is not a matter of task, family or cell, or needs more than a short training to show. */
const elsewhere: Readonly<Record<string, string>> = {
  'task.name': 'selects the task',
  'task.wordVectors': 'names a file',
  'task.badRows': 'depends on the rows',
  'task.target': 'names a file',
  'task.beam': 'is read when the saved model is used',
  'task.missing': 'depends on the rows',
  'task.seriesColumn': 'depends on the columns',
  'data.train': 'is read by the command line',
  'data.encoding': 'depends on the file',
  'data.delimiter': 'depends on the file',
  'data.quote': 'depends on the file',
  'data.escape': 'depends on the file',
  'data.header': 'depends on the file',
  'data.decimal': 'depends on the file',
  'data.thousands': 'depends on the file',
  'data.dateOrder': 'depends on the file',
  'data.missing': 'depends on the file',
  'data.comment': 'depends on the file',
  'data.sheet': 'depends on the file',
  'model.family': 'selects the model',
  'training.stopWhenSolved': 'is read when the task is solved',
  backend: 'selects the arithmetic',
  threads: 'changes the speed',
};

/** Limits of a training, which have an effect when they are reached: shown on one combination. */
const limits: Readonly<Record<string, { readonly value: unknown; readonly given?: Fields }>> = {
  'training.steps': { value: 2 },
  'training.seconds': { value: 1e-9 },
  'training.patience': { value: 1, given: { 'training.learningRate': 5, 'training.steps': 8 } },
  'training.keepBest': {
    value: false,
    given: { 'training.keepBest': true, 'training.learningRate': 1, 'training.checkpointEvery': 1 },
  },
  'training.validateEvery': { value: 2 },
  'training.checkpointEvery': { value: 1 },
};

/** Keys of events that are names, times or settings rather than results. */
const UNCOMPARED: ReadonlySet<string> = new Set([
  ...['run', 'folder', 'backend', 'notices', 'itemsPerSecond', 'seconds', 'secondsLimit', 'learningRate'],
]);

describe('applicability of the fields', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  /** A short training; a part of the configuration that a combination sets takes precedence. */
  function configOf({ config }: Combination, fields: Fields = {}): RunConfig {
    const small = {
      backend: 'reference',
      task: { name: 'language-model' },
      ...config,
      data: { sequenceLength: 10, validationShare: 0.25, ...config.data },
      model: { units: 3, ...config.model },
      training: { batchSize: 2, steps: 3, validateEvery: 1, checkpointEvery: 2, learningRate: 0.01, clipNorm: 0 },
      sampling: { every: 2, length: 6 },
      probes: { every: 0 },
    };
    return parseRunConfig(Object.entries(fields).reduce<object>((all, [path, to]) => setField(all, path, to), small));
  }

  let runs = 0;
  const outcomes = new Map<string, Promise<string>>();

  /** The outcome of a training, which runs once for each configuration. */
  async function outcome(combination: Combination, config: RunConfig): Promise<string> {
    const key = JSON.stringify(config);
    const known = outcomes.get(key) ?? train(combination, config);
    outcomes.set(key, known);
    return known;
  }

  /** Everything that a training has shown and left, without times and names. */
  async function train({ source }: Combination, config: RunConfig): Promise<string> {
    const out = join(home(), `run-${runs++}`);
    const events = recorder();
    const request = { config, source, out, backends: { home: home(), tensorflowPath: '', wideSimd: false } };
    const session = await Session.start(request, events.emit, new FaultyFiles());
    await session.train();
    const folders = [join(out, 'model'), join(out, 'checkpoints')];
    const files = await Promise.all(
      folders.map(async (folder) => readdir(folder, { recursive: true }).catch(() => [])),
    );
    const weights = files.flatMap((each, index) => each.map((name) => join(folders[index] ?? '', name)));
    const bytes = await Promise.all(
      weights.filter((file) => /\.bin$|\.json$/.test(file)).map(async (file) => [file, await readFile(file, 'base64')]),
    );
    const left = bytes.map(([file = '', content]) => [file.slice(out.length), file.endsWith('.bin') ? content : '']);
    return JSON.stringify([events.events, left], (key, value: unknown) => (UNCOMPARED.has(key) ? undefined : value));
  }

  /** Whether a change of one field changes the outcome; undefined if the configuration is refused with that field. */
  async function changes(combination: Combination, path: string, value: unknown, given: Fields = {}) {
    const before = configOf(combination, given);
    const after = configOf(combination, { ...given, [path]: value });
    assert.notEqual(getField(before, path), getField(after, path), path);
    try {
      return (await outcome(combination, after)) !== (await outcome(combination, before));
    } catch (error) {
      if (error instanceof ConfigError && error.fields.includes(path)) return undefined;
      throw error;
    }
  }

  it('is verified below for every field', () => {
    const known = { ...variants, ...elsewhere, ...limits };
    assert.deepEqual(
      configFields.map(({ path }) => path).filter((path) => !Object.hasOwn(known, path)),
      [],
    );
  });

  for (const combination of combinations) {
    const { task, model } = configOf(combination);
    const fields = Object.entries(variants).filter(([path]) => getField(configOf(combination), path) !== undefined);

    describe(`${task.name}, ${model.family}, ${model.cell}`, () => {
      it('fields without an effect leave every number as it is', async () => {
        const without = fields.filter(([path]) => !hasEffect(configOf(combination), path));
        const changed = configOf(combination, Object.fromEntries(without.map(([path, { value }]) => [path, value])));
        assert.equal(await outcome(combination, changed), await outcome(combination, configOf(combination)));
        assert.deepEqual(
          ineffectiveFields(changed)
            .map(({ path }) => path)
            .filter((path) => path !== 'backend')
            .sort(),
          without.map(([path]) => path).sort(),
        );
      });

      it('a validation file is read, or has no effect', async () => {
        const withFile = configOf(combination, { 'data.validation': join(home(), 'missing.tsv') });
        if (hasEffect(withFile, 'data.validation'))
          await assert.rejects(outcome(combination, withFile), errorWith({ name: 'InputError' }, 'missing.tsv'));
        else assert.equal(await outcome(combination, withFile), await outcome(combination, configOf(combination)));
      });

      it('fields with an effect have one', async () => {
        const wrong: string[] = [];
        for (const [path, { value, given = {} }] of fields) {
          const present = getField(configOf(combination), path);
          const needed = hasEffect(configOf(combination), path) && present !== value ? {} : given;
          if (!hasEffect(configOf(combination, needed), path)) continue;
          if ((await changes(combination, path, value, needed)) === false) wrong.push(path);
        }
        assert.deepEqual(wrong, []);
      });
    });
  }

  it('limits have an effect when they are reached', async () => {
    const [combination] = combinations;
    assert.ok(combination);
    for (const [path, { value, given }] of Object.entries(limits))
      assert.ok(await changes(combination, path, value, given), path);
  });
});
