import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { trainTrial } from '../../../src/cli/sweep/trainTrial.ts';
import { disk } from '../../../src/platform/files.ts';
import { LATER, PROGRESSED } from '../../../src/slurm/script.ts';
import { readSweep } from '../../../src/sweeps/readSweep.ts';
import { createSweep } from '../../../src/sweeps/sweepStore.ts';
import { temporaryFolder } from '../runs/temporary.ts';

describe('a trial that is stopped', () => {
  const home = temporaryFolder();
  const { SEQUENCE_LAB_HOME: before } = process.env;

  beforeEach(() => (process.env['SEQUENCE_LAB_HOME'] = home()));
  afterEach(() => {
    if (before === undefined) delete process.env['SEQUENCE_LAB_HOME'];
    else process.env['SEQUENCE_LAB_HOME'] = before;
  });

  const create = async () => {
    const base = {
      task: { name: 'adding', validationSequences: 4 },
      data: { sequenceLength: 4 },
      backend: 'reference',
      threads: 1,
      model: { units: 2 },
      training: { steps: 1_000_000, batchSize: 1, validateEvery: 1, checkpointEvery: 1000, patience: 0 },
      probes: { every: 0 },
    };
    const text = JSON.stringify({ base, fields: { 'training.learningRate': { values: [0.1] } } });
    const request = await readSweep(text, { folder: home(), file: null, findRun: (run) => run });
    const open = await createSweep(home(), request, new Date(), disk);
    await open.close();
    return open;
  };

  /** Exit code of the trial of a new sweep, whose output calls a function. */
  const train = async (onOutput: () => void = () => undefined) => {
    const { folder } = await create();
    const output = mock.method(process.stdout, 'write', () => {
      onOutput();
      return true;
    });
    try {
      return await trainTrial(folder, '1-1000000');
    } finally {
      output.mock.restore();
    }
  };

  it('says that it has made no progress before its first step', async () => {
    process.once('newListener', (event) => {
      if (event === 'SIGTERM') queueMicrotask(() => process.emit('SIGTERM'));
    });
    assert.equal(await train(), LATER);
  });

  it('says that it has made progress after its first step', async () => {
    // The first output after its start is the validation of the first step.
    assert.equal(await train(() => process.emit('SIGTERM')), PROGRESSED);
  });
});
