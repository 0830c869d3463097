import { hasExtension } from '../../config/portableFormats.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { exportParts } from '../exportParts.ts';
import type { ImportFormat, ModelFile } from '../importFormats.ts';
import type { PortableShape } from '../portable.ts';
import { checkFinite } from '../recognized.ts';
import { externalFiles, TensorReader } from './constants.ts';
import type { GraphFile } from './evaluate.ts';
import { fromOnnx } from './exportedWeights.ts';
import { readOnnxModel } from './readModel.ts';
import { recognizeOnnx } from './recognize.ts';

/** Most files with values of tensors next to a model. */
const MOST_NEIGHBORS = 64;
/** First bytes of a file: the field of its version, a small number, and the key of one of the next fields of a model. */
const VERSION_KEY = 0x08;
const LATEST_VERSION = 0x20;
const NEXT_KEYS: ReadonlySet<number | undefined> = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]);

/** Graphs of ONNX. */
export const onnxFormat: ImportFormat = {
  matches: (bytes, name) =>
    hasExtension(name, 'onnx') ||
    (bytes[0] === VERSION_KEY && (bytes[1] ?? Infinity) <= LATEST_VERSION && NEXT_KEYS.has(bytes[2])),
  recognize: async (file, choices) => recognizeOnnx(await graphFile(file), choices),
  exported,
};

/** The graph of a file, with the files next to it that have the values of its tensors. */
async function graphFile({ name, bytes, neighbor }: ModelFile): Promise<GraphFile> {
  const model = readOnnxModel(bytes, name);
  const locations = externalFiles(model);
  if (locations.size > MOST_NEIGHBORS)
    throw new UnusableError(phrase('"{0}" has its weights in more than {1} files.', name, MOST_NEIGHBORS));
  const neighbors = new Map<string, Uint8Array>();
  let total = bytes.length;
  for (const location of locations) {
    if (!isFileName(location))
      throw new UnusableError(
        phrase('"{0}" has weights in "{1}", which is not the name of a file next to it.', name, location),
      );
    const content = await neighbor(location);
    if (!content)
      throw new UnusableError(
        phrase('"{0}" has weights in "{1}", which is missing. Copy it to the same folder.', name, location),
      );
    neighbors.set(location, content);
    total += content.length;
  }
  return { name, model, neighbors, bytes: total };
}

/** True for the name of a file without a folder. */
function isFileName(location: string): boolean {
  return /^[^/\\:\0]+$/.test(location) && location !== '.' && location !== '..';
}

async function exported(file: ModelFile, shape: PortableShape): Promise<readonly NamedTensor[]> {
  const tensors = new Map<string, NamedTensor>();
  for (const part of await exportParts(file, shape, '.onnx')) {
    const { name } = part;
    const { model, neighbors } = await graphFile(part);
    const reader = new TensorReader(name, neighbors);
    for (const [key, tensor] of model.initializers) {
      const { dims, values } = reader.read(tensor);
      if (values instanceof Float32Array) tensors.set(key, { name: key, shape: dims, values });
    }
  }
  const found = fromOnnx(shape, tensors, file.name);
  checkFinite(found, file.name);
  return found;
}
