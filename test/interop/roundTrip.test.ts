import assert from 'node:assert/strict';
import { portableFormats } from '../../src/interop/formats.ts';
import { onnxFormat } from '../../src/interop/onnx/onnxFormat.ts';
import { readSafetensors } from '../../src/interop/safetensors.ts';
import { fromStateDict } from '../../src/interop/torch/stateDict.ts';
import { readTorchFile } from '../../src/interop/torch/torchFile.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import { portableModel } from '../../src/worker/portable/portableNetwork.ts';
import { referenceBackend } from '../../src/backends/reference.ts';
import { randomNetworks } from '../fixtures/randomNetworks.ts';

const sorted = (tensors: readonly NamedTensor[]) =>
  [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, shape, values }) => ({ name, shape, values }));

describe('a model that is exported and read again', () => {
  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const [format, read] of Object.entries({
    safetensors: (bytes: Uint8Array) => readSafetensors(bytes, 'model').tensors,
    pytorch: (bytes: Uint8Array) => readTorchFile(bytes, 'model').tensors,
  }))
    it(`has the same weights (${format})`, async () => {
      const { files } = portableFormats[format as keyof typeof portableFormats];
      for (const { name, network } of randomNetworks()) {
        const model = await portableModel(network);
        const [bytes] = Object.values(files(model));
        assert.ok(bytes);
        assert.deepEqual(sorted(fromStateDict(model.shape, read(bytes))), sorted(model.tensors), name);
      }
    });

  it('has the same weights (onnx)', async () => {
    for (const { name, network } of randomNetworks()) {
      const model = await portableModel(network);
      const files = portableFormats.onnx.files(model);
      const [first = '', bytes] = Object.entries(files)[0] ?? [];
      assert.ok(bytes);
      const file = { name: first, bytes, neighbor: async (other: string) => Promise.resolve(files[other]) };
      assert.deepEqual(sorted(await onnxFormat.exported(file, model.shape)), sorted(model.tensors), name);
    }
  });
});
