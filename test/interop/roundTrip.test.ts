import assert from 'node:assert/strict';
import { referenceBackend } from '../../src/backends/reference.ts';
import { portableFormats } from '../../src/interop/formats.ts';
import { importFormatOf } from '../../src/interop/importFormats.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import { portableModel } from '../../src/worker/portable/portableNetwork.ts';
import { errorWith } from '../harness/facts.ts';
import { randomNetworks } from '../fixtures/randomNetworks.ts';

const sorted = (tensors: readonly NamedTensor[]) =>
  [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, shape, values }) => ({ name, shape, values }));

describe('a model that is exported and read again', () => {
  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const format of ['safetensors', 'pytorch', 'keras', 'onnx', 'tfjs'] as const)
    it(`has the same weights (${format})`, async () => {
      let compared = 0;
      for (const { name, network } of randomNetworks()) {
        const model = await portableModel(network);
        const { shape } = model;
        const files: Readonly<Record<string, Uint8Array>> = portableFormats[format].files(model);
        const [[first, bytes] = ['', new Uint8Array()]] = Object.entries(files);
        const file = { name: first, bytes, neighbor: (other: string) => Promise.resolve(files[other]) };
        const read = importFormatOf(file).exported(file, shape);
        // These weights are products of ours.
        if (format === 'tfjs' && (shape.projection > 0 || shape.recurrence === 'output')) {
          await assert.rejects(read, errorWith({ name: 'UnusableError' }, 'safetensors'), name);
          continue;
        }
        assert.deepEqual(sorted(await read), sorted(model.tensors), name);
        compared++;
      }
      assert.ok(compared > 40);
    });
});
