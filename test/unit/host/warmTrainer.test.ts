import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { WarmTrainer } from '../../../src/host/trainerClient/warmTrainer.ts';
import { weather } from '../../../src/protocol/lessons/hmm.ts';
import { LECTURE_TEXTS } from '../../../src/protocol/lessons/texts.ts';

const programs = resolve(import.meta.dirname, '../../../dist');

describe('WarmTrainer', function () {
  this.timeout(180_000);

  for (const isolation of ['process', 'host'] as const) {
    it(`computes every lesson in one trainer (${isolation}), and starts another after it has ended`, async () => {
      let started = 0;
      const warm = new WarmTrainer({
        trainerOptions: () => {
          started++;
          return { isolation, programs, threads: 1, onOutput: () => undefined };
        },
        onError: (error) => assert.fail(error),
      });
      const texts = [...LECTURE_TEXTS];
      const order = await warm.ask(async (remote) => remote.workOrder({ texts }));
      assert.equal(order.states.length, texts.length);
      const model = weather();
      const [{ likelihood }, { columns }] = await Promise.all([
        warm.ask(async (remote) => remote.inferHmm({ model, observations: [0, 1, 2] })),
        warm.ask(async (remote) => remote.workBagOfWords({ texts, labels: [0, 1, 0], steps: 1, learningRate: 1 })),
      ]);
      assert.equal(likelihood.toFixed(6), '0.033612');
      assert.equal(columns.length, 9);
      await assert.rejects(
        warm.ask(async (remote) => remote.workOrder({ texts: ['...'] })),
        { name: 'InputError' },
      );
      assert.equal(started, 1);
      warm.dispose();
      const { vocabulary } = await warm.ask(async (remote) => remote.workPipeline({ texts, embedding: {}, text: 0 }));
      assert.equal(vocabulary.length, 11);
      assert.equal(started, 2);
      warm.dispose();
    });
  }
});
