import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ConfigError, parseRunConfig } from '../../../src/config/parse.ts';
import { CELL_NAMES } from '../../../src/config/cells.ts';
import { memoryLimit } from '../../../src/platform/system.ts';
import { checkMemory } from '../../../src/worker/memoryNeed.ts';
import { stepBytes } from '../../../src/config/stepBytes.ts';
import type { StepShape } from '../../../src/worker/stepShape.ts';
import { Session } from '../../../src/worker/session.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { recorder, request } from './fixture.ts';

const sizes = fc.record({
  units: fc.integer({ min: 1, max: 4095 }),
  layers: fc.integer({ min: 1, max: 7 }),
  batchSize: fc.integer({ min: 1, max: 4095 }),
  timeSteps: fc.integer({ min: 1, max: 4096 }),
  cell: fc.constantFrom(...CELL_NAMES),
  bidirectional: fc.boolean(),
});

type Sizes = typeof sizes extends fc.Arbitrary<infer T> ? T : never;

const shapeOf = ({ batchSize, timeSteps, bidirectional, ...model }: Sizes): StepShape => ({
  task: bidirectional ? 'tagging' : 'language-model',
  model: parseRunConfig({
    task: { name: bidirectional ? 'tagging' : 'language-model' },
    model: { ...model, bidirectional },
  }).model,
  timeSteps,
  batchSize,
  inputs: 100,
});

describe('memory of a training step', () => {
  const home = temporaryFolder();

  it('grows with every size', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom('units', 'layers', 'batchSize', 'timeSteps'), (before, field) => {
        assert.ok(stepBytes(shapeOf({ ...before, [field]: before[field] + 1 })) > stepBytes(shapeOf(before)));
      }),
      { numRuns: 50 },
    );
  });

  it('is refused above the memory of the process, with the fields to make smaller, and noticed above half of it', () => {
    fc.assert(
      fc.property(sizes, (each) => {
        const shape = shapeOf(each);
        const bytes = stepBytes(shape);
        assert.deepEqual(checkMemory(shape, 2 * bytes), []);
        assert.equal(checkMemory(shape, 1.5 * bytes).length, 1);
        assert.throws(
          () => checkMemory(shape, bytes - 1),
          (error) => error instanceof ConfigError && error.fields.includes('model.units'),
        );
      }),
      { numRuns: 50 },
    );
    assert.deepEqual(checkMemory(null, 1), []);
  });

  it('ends a run that no computer can train before it begins', async () => {
    assert.ok(memoryLimit() > 2 ** 28);
    const impossible = request(home(), {
      model: { units: 4096, layers: 8 },
      data: { sequenceLength: 1000 },
      training: { batchSize: 4096 },
    });
    const long = { ...impossible, source: { kind: 'text', text: 'abc '.repeat(2_000_000), name: 'long.txt' } } as const;
    await assert.rejects(Session.start(long, recorder().emit), ConfigError);
  });
});
