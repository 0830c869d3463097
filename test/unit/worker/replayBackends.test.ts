import assert from 'node:assert/strict';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { describeDifference, describeRepetition } from '../../../src/protocol/replay.ts';
import { type BackendHost, BackendProcess, BackendThread } from '../gradients/backendThread.ts';
import { temporaryFolder } from '../runs/temporary.ts';

const configs: Readonly<Record<string, RunConfigInput>> = {
  'a language model': {
    model: { cell: 'lstm', layers: 2, dropout: 0.2 },
    training: { steps: 12, checkpointEvery: 4, validateEvery: 4 },
    sampling: { every: 5 },
    probes: { every: 3 },
  },
  'a generated task, with a GRU': {
    task: { name: 'adding', validationSequences: 20 },
    model: { cell: 'gru' },
    training: { steps: 8, checkpointEvery: 4, validateEvery: 4 },
    probes: { every: 4 },
  },
};

/** Homes of each backend, as the product has them: Dawn aborts its process when a thread ends while it waits. */
const hosts = {
  tensorflow: { thread: () => new BackendThread(), process: () => new BackendProcess() },
  webgpu: { process: () => new BackendProcess() },
} as const;

for (const [backend, homes] of Object.entries(hosts)) {
  for (const [where, open] of Object.entries(homes)) {
    describe(`replay on ${backend} in its own ${where}`, function () {
      this.timeout(180_000);
      const home = temporaryFolder();
      let host: BackendHost;

      before(async function () {
        host = open();
        const reason = await host.calculator.load(backend);
        if (reason === undefined) return;
        this.test?.parent?.eachTest((test) => (test.title += ` (skipped: ${reason})`));
        this.skip();
      });

      after(() => host.stop());

      for (const [name, config] of Object.entries(configs)) {
        it(`is equal bit for bit, or says what differs and by how much: ${name}`, async () => {
          const { used, verification, repetition } = await host.calculator.repeat(backend, home(), config);
          assert.equal(used, backend);
          console.log(
            say(verification.difference ? describeDifference(verification.difference) : 'eq'),
            verification.probes,
            verification.samples,
            say(describeRepetition(repetition!)),
            verification.unequal,
          );
        });
      }
    });
  }
}
