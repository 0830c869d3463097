import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunConfigInput } from '../../../src/config/schema.ts';

/** A configuration whose learning rate is searched for. */
export interface Case {
  readonly name: string;
  readonly config: RunConfigInput;
  /** File or folder that is trained on; null if the task generates its data. */
  readonly path: string | null;
}

const samples = fileURLToPath(new URL('../../../media/samples/', import.meta.url));

/** Every case: small enough that all sweeps train in minutes. @param data folder with further texts; null for none */
export async function allCases(data: string | null): Promise<Case[]> {
  return [...(data === null ? [] : await furtherCases(data)), ...sampleCases()];
}

const TEXT = { data: { sequenceLength: 24, validationLimit: 2000 } } as const;

/** A language model of a text, with changes of the defaults. */
function languageModel(
  name: string,
  path: string,
  model: NonNullable<RunConfigInput['model']> = {},
  training: NonNullable<RunConfigInput['training']> = {},
): Case {
  return { name, path, config: { ...TEXT, model: { units: 32, ...model }, training: { batchSize: 8, ...training } } };
}

function sampleCases(): Case[] {
  const ferry = join(samples, 'ferry.txt');
  const of = (name: string, config: RunConfigInput, file: string | null = null): Case => ({
    name,
    config,
    path: file === null ? null : join(samples, file),
  });
  return [
    languageModel('ferry, lstm', ferry),
    languageModel('ferry, gru', ferry, { cell: 'gru' }),
    languageModel('ferry, rnn', ferry, { cell: 'rnn' }),
    languageModel('ferry, lstm, 96 units', ferry, { units: 96 }),
    languageModel('ferry, gru, not clipped', ferry, { cell: 'gru' }, { clipNorm: 0 }),
    languageModel('ferry, lstm, sgd', ferry, {}, { optimizer: 'sgd' }),
    languageModel('ferry, lstm, momentum', ferry, {}, { optimizer: 'sgd', momentum: 0.9 }),
    languageModel('ferry, lstm, rmsprop', ferry, {}, { optimizer: 'rmsprop' }),
    languageModel('ferry, lstm, adagrad', ferry, {}, { optimizer: 'adagrad' }),
    languageModel('tide, lstm', join(samples, 'tide.txt')),
    languageModel('tide, rnn, sgd', join(samples, 'tide.txt'), { cell: 'rnn' }, { optimizer: 'sgd' }),
    of(
      'names, classification',
      {
        task: { name: 'classification', tokens: 'character', minimumCount: 1, maximumLength: 30 },
        model: { bidirectional: true, units: 24, embedding: 12, pooling: 'max' },
      },
      'names',
    ),
    of('names, generation', { task: { name: 'conditioned-generation' }, model: { units: 32 } }, 'names'),
    of(
      'parts of speech, gru',
      { task: { name: 'tagging' }, model: { cell: 'gru', units: 24, embedding: 16 } },
      'harbour-tags.tsv',
    ),
    of(
      'forecasting, lstm',
      {
        task: { name: 'forecasting', horizon: 5 },
        data: { sequenceLength: 30, validationShare: 0.2 },
        model: { units: 24 },
      },
      'oscillation.csv',
    ),
    of(
      'forecasting, rnn, sgd',
      {
        task: { name: 'forecasting', horizon: 5 },
        data: { sequenceLength: 40, validationShare: 0.2 },
        model: { cell: 'rnn', units: 16 },
        training: { optimizer: 'sgd' },
      },
      'oscillation.csv',
    ),
    of('counting, lstm', { task: { name: 'counting', validationSequences: 100 }, model: { units: 24 } }),
    of('adding, gru', {
      task: { name: 'adding', validationSequences: 100 },
      data: { sequenceLength: 20 },
      model: { cell: 'gru', units: 32 },
    }),
    of('reversing, lstm', {
      task: { name: 'reversing', longest: 5, validationPairs: 100 },
      model: { units: 24, attention: 'dot' },
    }),
    languageModel('ferry, lstm, 2 layers', ferry, { layers: 2, dropout: 0.1 }),
    languageModel('ferry, lstm, embedding', ferry, { embedding: 16 }),
    languageModel('ferry, lstm, batch 32', ferry, {}, { batchSize: 32 }),
    languageModel('ferry, lstm, adamw', ferry, {}, { optimizer: 'adamw', weightDecay: 0.01 }),
    languageModel('ferry, lstm, 12 units', ferry, { units: 12 }),
  ];
}

/** The cases on texts that are not part of the project, of those that the folder has. */
async function furtherCases(folder: string): Promise<Case[]> {
  const play = join(folder, 'tinyshakespeare', 'input.txt');
  const reviews = join(folder, 'sst2', 'train.tsv');
  const cases = [
    languageModel('Shakespeare, lstm', play),
    languageModel('Shakespeare, gru, 64 units', play, { cell: 'gru', units: 64 }),
    languageModel('Shakespeare, rnn, rmsprop', play, { cell: 'rnn' }, { optimizer: 'rmsprop' }),
    languageModel('Shakespeare, lstm, 2 layers, momentum', play, { layers: 2 }, { optimizer: 'sgd', momentum: 0.9 }),
    {
      name: 'film reviews, lstm',
      path: reviews,
      config: {
        task: { name: 'classification', textColumn: '1', labelColumn: '2', maximumLength: 30 },
        data: { header: 'no' },
        model: { units: 24, embedding: 16 },
      },
    },
  ] satisfies Case[];
  const found = await Promise.all(
    cases.map(async ({ path }) =>
      access(path ?? '').then(
        () => true,
        () => false,
      ),
    ),
  );
  return cases.filter((_, i) => found[i]);
}
