import assert from 'node:assert/strict';
import { referenceBackend } from '../../../../src/backends/reference.ts';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { probeUntrainedModel } from '../../../../src/worker/course/untrained.ts';

describe('the untrained model of a run', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const probe = async (model: object, seed = 1) =>
    probeUntrainedModel(
      parseRunConfig({ task: { name: 'adding' }, data: { sequenceLength: 30 }, model: { units: 16, ...model }, seed }),
    );
  const gate = (bias: number) => 1 / (1 + Math.exp(-bias));

  for (const seed of [1, 2, 3]) {
    it(`passes less at lag 20 as an LSTM with forget bias 1 than as an RNN, and more with 5 (seed ${seed})`, async () => {
      const rnn = await probe({ cell: 'rnn' }, seed);
      const at20 = ({ flow }: typeof rnn) => flow.median[20] ?? NaN;
      assert.equal(rnn.forgetProduct, null);
      const one = await probe({ forgetBias: 1 }, seed);
      const five = await probe({ forgetBias: 5 }, seed);
      assert.ok(at20(one) < at20(rnn), `${at20(one)} < ${at20(rnn)}`);
      assert.ok(at20(five) > at20(rnn), `${at20(five)} > ${at20(rnn)}`);
      assert.ok(Math.abs((one.forgetProduct?.[20] ?? 0) ** (1 / 20) - gate(1)) < 0.02);
    });
  }

  it('is the same each time', async () => {
    assert.deepEqual(await probe({ cell: 'gru' }), await probe({ cell: 'gru' }));
  });

  it('is refused for a task that reads a file', async () => {
    await assert.rejects(probeUntrainedModel(parseRunConfig({})));
  });
});
