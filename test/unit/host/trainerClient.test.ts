import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainerOptions } from '../../../src/host/trainerClient/holder.ts';
import {
  TrainerClient,
  type TrainerDeath,
  type TrainerListener,
} from '../../../src/host/trainerClient/trainerClient.ts';
import { errorWith } from '../../harness/facts.ts';

/** Short misbehaving programs that replace the trainer. */
const programs = {
  'says why and leaves': "console.error('no memory left'); process.exit(3);",
  'never answers': 'setInterval(() => undefined, 1000);',
};

const listener: TrainerListener = {
  events: () => undefined,
  failed: () => undefined,
  generated: () => undefined,
  inspected: () => undefined,
  died: () => undefined,
  error: () => undefined,
};

describe('TrainerClient', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-trainer-'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function start(
    program: keyof typeof programs,
    isolation: TrainerOptions['isolation'],
    heard: Partial<TrainerListener> = {},
  ) {
    for (const name of ['trainer.js', 'trainerProcess.js']) await writeFile(join(folder, name), programs[program]);
    return TrainerClient.start(
      { isolation, programs: folder, threads: 0, onOutput: () => undefined },
      { ...listener, ...heard },
    );
  }

  for (const isolation of ['process', 'host'] as const) {
    it(`rejects pending calls with the last output when the trainer dies (${isolation})`, async () => {
      const deaths: TrainerDeath[] = [];
      const trainer = await start('says why and leaves', isolation, { died: (death) => deaths.push(death) });
      await assert.rejects(trainer.remote.pause(), errorWith({ name: 'TrainerDeath' }, 3, 'no memory left'));
      assert.equal(deaths.length, 1);
      await assert.rejects(trainer.remote.pause());
    });

    it(`ends a trainer that does not answer (${isolation}), without reporting a death`, async () => {
      const deaths: TrainerDeath[] = [];
      const trainer = await start('never answers', isolation, { died: (death) => deaths.push(death) });
      const pending = assert.rejects(trainer.remote.pause(), { name: 'TrainerDeath' });
      await trainer.dispose();
      await pending;
      assert.equal(deaths.length, 0);
    });
  }

  it('reports a trainer that cannot start', async () => {
    const trainer = TrainerClient.start(
      { isolation: 'process', programs: join(folder, 'missing'), threads: 0, onOutput: () => undefined },
      listener,
    );
    await assert.rejects(trainer.remote.pause(), /Cannot find module/);
  });
});
