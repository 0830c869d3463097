import { Hdf5File } from '../../src/interop/hdf5/hdf5File.ts';
import { type Hdf5Array, writeHdf5 } from '../../src/interop/hdf5/hdf5Writer.ts';
import { kerasFormat } from '../../src/interop/keras/kerasFormat.ts';
import { kerasFiles } from '../../src/interop/keras/kerasFiles.ts';
import { recognizeTorch } from '../../src/interop/torch/recognize.ts';
import { unzip } from '../../src/interop/zip.ts';
import type { NamedTensor } from '../../src/models/weights.ts';
import type { Target } from './targets.ts';

/** A model as a file of Keras. @param stateDict the weights of PyTorch of the same model */
export function kerasFile(stateDict: readonly NamedTensor[]): Uint8Array {
  return kerasFiles(recognizeTorch(stateDict, 'm'))['model.keras'] ?? new Uint8Array();
}

/** Weights of layers of Keras without their structure: both directions, and a GRU of two biases. */
function weightsFile(): Uint8Array {
  const array = (...shape: number[]): Hdf5Array => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => Math.sin(at)),
  });
  const cell = (path: string) =>
    [array(2, 6), array(2, 6), array(2, 6)].map((each, at) => [`layers/${path}/cell/vars/${at}`, each] as const);
  return writeHdf5(
    new Map([
      ['layers/embedding/vars/0', array(3, 2)],
      ...cell('bidirectional/forward_layer'),
      ...cell('bidirectional/backward_layer'),
      ['layers/dense/vars/0', array(4, 2)],
      ['layers/dense/vars/1', array(2)],
    ]),
  );
}

/** The readers of models of Keras. */
export function kerasTargets(stateDict: readonly NamedTensor[]): Target[] {
  const model = kerasFile(stateDict);
  const files = unzip(model, 'model.keras');
  const recognize = async (bytes: Uint8Array, name: string) =>
    kerasFormat.recognize({ name, bytes, neighbor: () => Promise.resolve(undefined) }, {});
  return [
    { name: 'model of Keras', seeds: [model], names: true, read: recognize },
    {
      name: 'weights of Keras',
      seeds: [files.get('model.weights.h5') ?? new Uint8Array(), weightsFile()],
      names: true,
      async read(input, name) {
        const file = new Hdf5File(input, name);
        for (const { read } of file.datasets.values()) read();
        await recognize(input, name);
      },
    },
  ];
}
