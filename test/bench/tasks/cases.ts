import type { RunConfigInput } from '../../../src/config/schema.ts';
import { BatchedEpochs, Epochs } from '../../../src/data/labeled/epochs.ts';
import { type LabeledSequence, padSequences } from '../../../src/data/labeled/sequenceBatcher.ts';
import { tagBatch, type TaggedIds } from '../../../src/data/tagged/tagBatch.ts';
import { StreamBatcher } from '../../../src/data/streamBatcher.ts';
import { Generator } from '../../../src/random/generator.ts';

/** The model of PyTorch that a case is compared with, by its name in `torchTasks.py`. */
type TorchModel = 'language model' | 'classifier' | 'convolution' | 'tagger' | 'pairs' | 'forecaster' | 'writer';

/** A task at sizes that people use, on made-up data. */
export interface TaskCase {
  readonly title: string;
  readonly torch: TorchModel;
  readonly config: RunConfigInput;
  /** The training file. */
  readonly file: { readonly name: string; readonly content: () => string };
  /** Where its batches come from, and the words in a batch if they are not the batch itself. */
  readonly batches: {
    readonly source: { readonly prototype: { next(): unknown } };
    readonly batchOf?: (items: never) => object;
  };
}

const BASE = {
  sampling: { every: 0 },
  probes: { every: 0 },
} satisfies RunConfigInput;

const EPOCHS = { source: BatchedEpochs };
const STREAMS = { source: StreamBatcher };

const CHARACTERS = 65;
const [SENTENCES, WORDS] = [6000, 14_000];
const [TAGGED, TAGGED_WORDS, TAGS] = [4000, 9000, 17];
const [PAIRS, SOURCE_WORDS, TARGET_WORDS] = [6000, 4000, 6100];
const RUNNING_WORDS = 20_000;
const [NAMES, LANGUAGES] = [8000, 18];

const classifier = (model: RunConfigInput['model']): Omit<TaskCase, 'title' | 'torch'> => ({
  config: {
    ...BASE,
    task: { name: 'classification', minimumCount: 1 },
    model: { embedding: 100, ...model },
    training: { batchSize: 32 },
  },
  file: { name: 'sentences.tsv', content: sentences },
  batches: {
    source: Epochs,
    batchOf: (items: readonly LabeledSequence[]) => ({
      ...padSequences(
        items.map(({ ids }) => ids),
        0,
      ),
      labels: items.map(({ label }) => label),
    }),
  },
});

const translation = (attention: 'dot' | 'additive'): Omit<TaskCase, 'title' | 'torch'> => ({
  config: {
    ...BASE,
    task: { name: 'sequence-to-sequence', tokens: 'word', minimumCount: 1 },
    model: { units: 128, embedding: 64, attention },
    training: { batchSize: 32 },
  },
  file: { name: 'pairs.tsv', content: pairs },
  batches: EPOCHS,
});

const characters = (model: RunConfigInput['model']): Omit<TaskCase, 'title' | 'torch'> => ({
  config: { ...BASE, data: { sequenceLength: 64 }, model: { units: 128, ...model }, training: { batchSize: 32 } },
  file: { name: 'characters.txt', content: runningCharacters },
  batches: STREAMS,
});

/** Every case, by the name of the option `--only`. */
export const taskCases: Readonly<Record<string, TaskCase>> = {
  characters: { title: 'LSTM over characters, 128 units, T=64, B=32', torch: 'language model', ...characters({}) },
  'characters-gru': {
    title: 'GRU over characters, 128 units, T=64, B=32',
    torch: 'language model',
    ...characters({ cell: 'gru', resetAfter: true }),
  },
  'characters-rnn': {
    title: 'RNN over characters, 128 units, T=64, B=32',
    torch: 'language model',
    ...characters({ cell: 'rnn' }),
  },
  words: {
    title: 'LSTM over words, 128 units, embedding 128, 20,000 words, T=35, B=20',
    torch: 'language model',
    config: {
      ...BASE,
      task: { name: 'language-model', tokens: 'word', minimumCount: 1, maximumVocabulary: RUNNING_WORDS },
      data: { sequenceLength: 35 },
      model: { units: 128, embedding: 128 },
      training: { batchSize: 20 },
    },
    file: { name: 'words.txt', content: runningWords },
    batches: STREAMS,
  },
  classifier: {
    title: 'classifier: bidirectional LSTM, 100 units, embedding 100, 14,000 words, B=32',
    torch: 'classifier',
    ...classifier({ units: 100, bidirectional: true, pooling: 'mean' }),
  },
  convolution: {
    title: 'classifier: 100 convolutions of 3, 4 and 5 words, embedding 100, 14,000 words, B=32',
    torch: 'convolution',
    ...classifier({ family: 'convolutional', filters: 100, kernelWidths: '3,4,5', pooling: 'max' }),
  },
  tagger: {
    title: 'tagger: bidirectional LSTM, 100 units, embedding 100, 9,000 words, B=32',
    torch: 'tagger',
    config: {
      ...BASE,
      task: { name: 'tagging', minimumCount: 1 },
      model: { units: 100, embedding: 100, bidirectional: true },
      training: { batchSize: 32 },
    },
    file: { name: 'tags.tsv', content: taggedSentences },
    batches: { source: Epochs, batchOf: (items: readonly TaggedIds[]) => tagBatch(items, 0) },
  },
  dot: {
    title: 'encoder and decoder, dot attention, 128 units, 4,000 and 6,100 words, B=32',
    torch: 'pairs',
    ...translation('dot'),
  },
  additive: {
    title: 'encoder and decoder, additive attention, 128 units, 4,000 and 6,100 words, B=32',
    torch: 'pairs',
    ...translation('additive'),
  },
  forecaster: {
    title: 'forecaster: LSTM, 64 units, windows of 96 steps, B=32',
    torch: 'forecaster',
    config: {
      ...BASE,
      task: { name: 'forecasting', horizon: 24, strategy: 'direct' },
      data: { sequenceLength: 96 },
      model: { units: 64 },
      training: { batchSize: 32 },
    },
    file: { name: 'series.csv', content: series },
    batches: EPOCHS,
  },
  writer: {
    title: 'writer of names by language: LSTM, 128 units, B=64',
    torch: 'writer',
    config: {
      ...BASE,
      task: { name: 'conditioned-generation' },
      model: { units: 128 },
      training: { batchSize: 64 },
    },
    file: { name: 'names.tsv', content: names },
    batches: EPOCHS,
  },
};

/**
 * Words as a language uses them: word r with a probability in proportion to 1 / (r + 2.7) (Mandelbrot 1953). Every word
 * is returned once before, so that the vocabulary is whole.
 */
function wordsLike(vocabulary: number, purpose: string): () => string {
  const generator = Generator.forPurpose(1, purpose);
  let sum = 0;
  const upTo = Float64Array.from({ length: vocabulary }, (_, rank) => (sum += 1 / (rank + 2.7)));
  let returned = 0;
  return () => {
    if (returned < vocabulary) return wordOf(returned++);
    const at = generator.nextUniform() * sum;
    let [low, high] = [0, vocabulary - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return wordOf(low);
  };
}

/** A word of letters for a number, a different one for each. */
function wordOf(number: number): string {
  let word = '';
  for (let rest = number + 26; rest > 0; rest = Math.floor(rest / 26))
    word = String.fromCharCode(97 + (rest % 26)) + word;
  return word;
}

/** Lengths with a mean in the middle of the two limits. */
function lengthsBetween(shortest: number, longest: number, purpose: string): () => number {
  const generator = Generator.forPurpose(1, purpose);
  return () => shortest + Math.round(((generator.nextUniform() + generator.nextUniform()) / 2) * (longest - shortest));
}

const several = <Item>(count: number, next: (index: number) => Item) =>
  Array.from({ length: count }, (_, i) => next(i));

function sentences(): string {
  const [word, length] = [wordsLike(WORDS, 'sentences'), lengthsBetween(4, 36, 'lengths')];
  const rows = several(SENTENCES, (i) => `${several(length(), word).join(' ')}\t${i % 2 === 0 ? 'good' : 'bad'}`);
  return `text\tlabel\n${rows.join('\n')}\n`;
}

function taggedSentences(): string {
  const [word, length] = [wordsLike(TAGGED_WORDS, 'tagged'), lengthsBetween(3, 30, 'lengths')];
  const tag = (text: string) => `T${(text.length * 7 + text.charCodeAt(text.length - 1)) % TAGS}`;
  const tagged = () => {
    const text = word();
    return `${text}\t${tag(text)}`;
  };
  return several(TAGGED, () => `${several(length(), tagged).join('\n')}\n`).join('\n');
}

function pairs(): string {
  const [source, target] = [wordsLike(SOURCE_WORDS, 'source'), wordsLike(TARGET_WORDS, 'target')];
  const length = lengthsBetween(4, 10, 'lengths');
  const rows = several(PAIRS, () => {
    const words = length();
    return `${several(words, source).join(' ')}\t${several(words + 1, target).join(' ')}`;
  });
  return `source\ttarget\n${rows.join('\n')}\n`;
}

function names(): string {
  const [character, length] = [lettersLike('names', 52, 'A'), lengthsBetween(3, 12, 'lengths')];
  const rows = several(NAMES, (i) => `${several(length(), character).join('')}\tlanguage ${i % LANGUAGES}`);
  return `text\tlabel\n${rows.join('\n')}\n`;
}

function runningCharacters(): string {
  return several(200_000, lettersLike('characters', CHARACTERS, '!')).join('');
}

/** Characters after a first one, all as likely. */
function lettersLike(purpose: string, count: number, first: string): () => string {
  const generator = Generator.forPurpose(1, purpose);
  return () => String.fromCharCode(first.charCodeAt(0) + generator.nextBelow(count));
}

function runningWords(): string {
  return several(300_000, wordsLike(RUNNING_WORDS, 'words')).join(' ');
}

function series(): string {
  const generator = Generator.forPurpose(1, 'series');
  const values = several(
    20_000,
    (t) => Math.sin((2 * Math.PI * t) / 24) + Math.sin(t / 500) + generator.nextNormal() / 5,
  );
  return `value\n${values.map((value) => value.toFixed(4)).join('\n')}\n`;
}
