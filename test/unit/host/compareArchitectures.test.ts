import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CELL_NAMES } from '../../../src/config/cells.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import {
  compareArchitectures,
  type ComparedRuns,
  type Fairness,
  parameterCount,
  unitsForParameters,
} from '../../../src/host/comparison/compareArchitectures.ts';
import type { NewTraining } from '../../../src/host/runs/runManager.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { newModel, startEvent } from './examples.ts';

const VOCABULARY = 40;

/** A run manager that records all calls. */
function setUp(fairness: Fairness, stopAfter = Infinity) {
  const started: NewTraining[] = [];
  const happened: string[] = [];
  const runs: ComparedRuns = {
    start: (training) => {
      started.push(training);
      happened.push(`start ${training.config.model.cell}`);
      const run = newModel({ config: training.config, folder: `/runs/${training.config.model.cell}` });
      return { run, ready: Promise.resolve() };
    },
    sized: async (run) => run.apply(startEvent({ parameters: parameterCount(run.config.model, VOCABULARY) })),
    over: async ({ config }) => void happened.push(`end ${config.model.cell}`),
  };
  const options = {
    training: {
      config: parseRunConfig({ seed: 7 }),
      source: { kind: 'file' as const, path: '/texts/hamlet.txt' },
      name: 'hamlet.txt',
    },
    comparison: 'comparison-1',
    fairness,
    began: () => undefined,
    cancelled: () => started.length >= stopAfter,
  };
  return { started, happened, run: async () => compareArchitectures(runs, options) };
}

describe('comparison of architectures', () => {
  it('trains one run after another with the same text, seed and settings, and marks the runs', async () => {
    const { started, happened, run } = setUp({ equal: 'units', order: 'sequential' });
    await run();
    assert.deepEqual(
      happened,
      CELL_NAMES.flatMap((cell) => [`start ${cell}`, `end ${cell}`]),
    );
    for (const { config, comparison, source } of started) {
      assert.deepEqual([config.seed, config.model.units, comparison], [7, 100, 'comparison-1']);
      assert.deepEqual({ ...config, model: { ...config.model, cell: 'lstm' } }, started[0]?.config);
      assert.deepEqual(source, started[0]?.source);
    }
  });

  it('gives each cell the hidden size at which it has as many parameters as the LSTM', async () => {
    const { started, run } = setUp({ equal: 'parameters', order: 'parallel' });
    await run();
    const [lstm, ...others] = started.map(({ config }) => config.model);
    assert.equal(lstm?.units, 100);
    const target = lstm ? parameterCount(lstm, VOCABULARY) : 0;
    for (const model of others) {
      assert.ok(model.units > 100);
      assert.ok(Math.abs(parameterCount(model, VOCABULARY) / target - 1) < 0.01, `${model.cell} ${model.units}`);
    }
  });

  it('starts parallel runs without waiting, and no further run after a cancellation', async () => {
    const { happened, run } = setUp({ equal: 'units', order: 'parallel' }, 2);
    assert.equal((await run()).length, 2);
    assert.deepEqual(happened, ['start lstm', 'start gru']);
  });
});

const shapes = fc.record({
  cell: fc.constantFrom('lstm' as const, 'gru' as const, 'rnn' as const),
  layers: fc.integer({ min: 1, max: 3 }),
  units: fc.integer({ min: 1, max: 12 }),
  embedding: fc.integer({ min: 0, max: 6 }),
  resetAfter: fc.boolean(),
});
const vocabularies = fc.integer({ min: 2, max: 20 });

describe('models of equal size', () => {
  it('have the counted number of parameters', () => {
    fc.assert(
      fc.property(shapes, vocabularies, (shape, vocabularySize) => {
        const { model } = parseRunConfig({ model: shape });
        const built = new LanguageModel({ ...model, vocabularySize });
        assert.equal(parameterCount(model, vocabularySize), built.parameterCount);
        built.dispose();
      }),
      { numRuns: 30 },
    );
  });

  it('have the closest hidden size, without knowledge of the vocabulary', () => {
    fc.assert(
      fc.property(
        shapes,
        vocabularies,
        fc.constantFrom('lstm' as const, 'gru' as const, 'rnn' as const),
        (shape, vocabulary, cell) => {
          const { model } = parseRunConfig({ model: shape });
          const parameters = parameterCount(model, vocabulary);
          const units = unitsForParameters(model, cell, parameters);
          const distance = (size: number) =>
            Math.abs(parameterCount({ ...model, cell, units: size }, vocabulary) - parameters);
          for (const other of [units - 1, units + 1]) if (other > 0) assert.ok(distance(units) <= distance(other));
          if (cell === model.cell) assert.equal(units, model.units);
        },
      ),
    );
  });
});
