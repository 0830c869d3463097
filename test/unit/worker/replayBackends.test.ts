import assert from 'node:assert/strict';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { describeDifference, describeRepetition } from '../../../src/protocol/replay.ts';
import { assertNames } from '../../harness/facts.ts';
import { type BackendHost, BackendProcess, BackendThread } from '../gradients/backendThread.ts';
import { temporaryFolder } from '../runs/temporary.ts';

const configs: Readonly<Record<string, RunConfigInput>> = {
  'a language model': {
    model: { cell: 'lstm', units: 8, dropout: 0.2 },
    training: { steps: 6, checkpointEvery: 3, validateEvery: 3 },
    sampling: { every: 4, length: 10 },
    probes: { every: 3 },
  },
  'a generated task, with a GRU': {
    task: { name: 'adding', validationSequences: 20 },
    model: { cell: 'gru' },
    training: { steps: 8, checkpointEvery: 4, validateEvery: 4 },
    probes: { every: 4 },
  },
};

/** The thread or process of each backend. Dawn aborts its process when a thread ends while it waits for a value. */
const hosts = [
  { backend: 'tensorflow', where: 'thread', open: () => new BackendThread(), exact: true },
  { backend: 'tensorflow', where: 'process', open: () => new BackendProcess(), exact: true },
  // Some shaders of TensorFlow.js add with atomic operations, in the order in which their threads arrive.
  { backend: 'webgpu', where: 'process', open: () => new BackendProcess(), exact: false },
] as const;

/** Largest relative difference of two losses that only rounding tells apart. */
const ROUNDING = 1e-3;

for (const { backend, where, open, exact } of hosts) {
  describe(`replay on ${backend} in its own ${where}`, function () {
    this.timeout(180_000);
    const home = temporaryFolder();
    let host: BackendHost;
    let reason: string | undefined;

    before(async () => {
      host = open();
      reason = await host.calculator.load(backend);
    });

    beforeEach(function () {
      if (reason === undefined) return;
      if (this.currentTest) this.currentTest.title += ` (skipped: ${reason})`;
      this.skip();
    });

    after(() => host.stop());

    for (const [name, config] of Object.entries(configs)) {
      it(`${exact ? 'is equal bit for bit' : 'is equal, or says by how much it is not'}: ${name}`, async () => {
        const { used, verification, repetition } = await host.calculator.repeat(backend, home(), config);
        assert.equal(used, backend);
        assert.ok(repetition);
        const { difference, probes } = verification;
        if (exact) assert.deepEqual([difference, repetition.difference], [null, null]);
        if (difference) {
          const { step, recorded, now } = difference;
          assertNames(say(describeDifference(difference)), step, recorded ?? '', now ?? '');
        } else {
          const { every = 1 } = config.probes ?? {};
          const { steps = 0 } = config.training ?? {};
          assert.deepEqual(
            probes,
            Array.from({ length: 1 + steps / every }, (_, index) => index * every),
          );
        }
        const { largest } = repetition;
        if (!largest) return;
        assert.ok(Math.abs(largest.now - largest.recorded) <= ROUNDING * Math.abs(largest.recorded));
        assertNames(say(describeRepetition(repetition)), largest.step, largest.recorded, largest.now);
      });
    }
  });
}
