import type { CellName } from '../../../src/config/cells.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { Generator } from '../../../src/random/generator.ts';

/** One configuration of the table; it is run once with each seed. */
export interface Case {
  readonly name: string;
  readonly config: RunConfigInput;
  /** The text that is trained on; null if the task generates its data. */
  readonly text: string | null;
}

const CELLS: readonly CellName[] = ['rnn', 'lstm', 'gru'];
const UNITS = 24;

/** Every configuration: small enough that all of them train in minutes on two cores. */
export function allCases(): Case[] {
  const tiny = sentences(2_000);
  const large = sentences(40_000);
  return [
    ...flowCases(large),
    ...curveCases({ tiny, large }),
    ...taskCases(),
    ...memorizingCases(tiny),
    ...failingCases(large),
  ];
}

/** Initial recurrent weights of several gains over several windows, after a few steps of training. */
function flowCases(text: string): Case[] {
  return CELLS.flatMap((cell) =>
    [0.5, 1, 1.5, 2].flatMap((recurrentGain) =>
      [10, 50, 200].map((sequenceLength) => ({
        name: `${cell}, gain ${recurrentGain}, window ${sequenceLength}`,
        text,
        config: {
          data: { sequenceLength, validationLimit: 2000 },
          model: { cell, units: UNITS, recurrentGain },
          // The truth is computed from the stored model, the verdict from the last weights.
          training: { steps: 60, validateEvery: 20, learningRate: 0.005, keepBest: false },
        },
      })),
    ),
  );
}

/** Learning rates over four decades, clipping on and off, on texts that are memorized and not. */
function curveCases(texts: Readonly<Record<string, string>>): Case[] {
  return CELLS.flatMap((cell) =>
    [1e-4, 1e-3, 1e-2, 1e-1].flatMap((learningRate, index) =>
      Object.entries(texts).map(([size, text]) => {
        const clipNorm = index % 2 === 0 ? 1 : 0;
        return {
          name: `${cell}, ${size} text, learning rate ${learningRate}${clipNorm === 0 ? ', not clipped' : ''}`,
          text,
          config: {
            data: { sequenceLength: 20, validationLimit: 2000 },
            model: { cell, units: 2 * UNITS },
            training: { steps: 600, validateEvery: 25, learningRate, clipNorm, patience: 0 },
          },
        };
      }),
    ),
  );
}

/** Two layers that memorize a tiny text, whose run keeps the last model: for the advice against overfitting. */
function memorizingCases(text: string): Case[] {
  return CELLS.flatMap((cell) =>
    [0.003, 0.01].map((learningRate) => ({
      name: `${cell}, memorizing, learning rate ${learningRate}`,
      text,
      config: {
        data: { sequenceLength: 20, validationLimit: 2000 },
        model: { cell, units: 2 * UNITS, layers: 2 },
        training: { steps: 400, validateEvery: 25, learningRate, patience: 0, keepBest: false },
      },
    })),
  );
}

/** Learning rates far too high, with clipping and without: for the advice to runs that are worse than a guess or break. */
function failingCases(text: string): Case[] {
  const failing = (name: string, model: NonNullable<RunConfigInput['model']>, training: object): Case => ({
    name: `${model.cell}, failing, ${name}`,
    text,
    config: {
      data: { sequenceLength: 20, validationLimit: 2000 },
      model: { units: UNITS, ...model },
      training: { steps: 200, validateEvery: 20, patience: 0, ...training },
    },
  });
  return [
    ...CELLS.flatMap((cell) =>
      [1, 10].flatMap((learningRate) => [
        failing(`learning rate ${learningRate}`, { cell }, { learningRate }),
        failing(`learning rate ${learningRate}, not clipped`, { cell }, { learningRate, clipNorm: 0 }),
      ]),
    ),
    ...(['relu', 'linear'] as const).flatMap((activation) =>
      [0.1, 1, 10].map((learningRate) =>
        failing(
          `${activation}, SGD, learning rate ${learningRate}, not clipped`,
          { cell: 'rnn', activation, recurrentGain: 1.2 },
          { optimizer: 'sgd', learningRate, clipNorm: 0 },
        ),
      ),
    ),
  ];
}

/** Tasks whose answer lies a known number of steps back. */
function taskCases(): Case[] {
  return CELLS.flatMap((cell) =>
    (['temporal-order', 'adding', 'copying'] as const).map((task) => ({
      name: `${cell}, ${task}`,
      text: null,
      config: {
        task: { name: task },
        data: { sequenceLength: 30 },
        model: { cell, units: UNITS },
        training: { steps: 400, validateEvery: 20, learningRate: 0.01, patience: 0 },
      },
    })),
  );
}

/** A text of sentences over a small vocabulary, in which each word depends on the one before. */
function sentences(length: number): string {
  const generator = Generator.forPurpose(7, 'text of the verdict table');
  const letter = () => 'etaoinshrdlu'[generator.nextBelow(12)]!;
  const words = Array.from({ length: 120 }, () => Array.from({ length: 2 + generator.nextBelow(6) }, letter).join(''));
  let text = '';
  let word = 0;
  while (text.length < length) {
    const size = 4 + generator.nextBelow(8);
    const sentence: string[] = [];
    for (let place = 0; place < size; place++) {
      word = (word * 7 + generator.nextBelow(5)) % words.length;
      sentence.push(words[word]!);
    }
    text += `${sentence.join(' ')}.\n`;
  }
  return text.slice(0, length);
}
