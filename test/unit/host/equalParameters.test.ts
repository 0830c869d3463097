import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { parameterCount, unitsForParameters } from '../../../src/host/comparison/compareArchitectures.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';

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
