import * as z from 'zod';
import { joinBytes } from '../../format/bytes.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { floatTypes } from '../floatTypes.ts';
import type { ModelFile } from '../importFormats.ts';
import { type LayerConfig, type LayerRecord, layersInOrder, withKerasNames } from '../layerList/layerRecord.ts';
import { weightCount } from '../layerList/recognizeLayers.ts';
import { isNestedTooDeeply, MOST_LEVELS, notRecognized } from '../recognized.ts';

/**
 * Files of a LayersModel: `model.json` with the layers and an index of the weights, whose values are in files next to it.
 * TensorFlow.js writes them (`model.save`), and so does `tensorflowjs_converter` from a model of Keras, also with
 * quantized values.
 */

/** Most bytes of `model.json`. */
const LONGEST_TOPOLOGY = 20_000_000;
const MOST_WEIGHTS = 10_000;
/** Most files of weights, as TensorFlow.js cuts them: 40 GB. */
const MOST_FILES = 10_000;

const size = z.int().nonnegative();
const quantization = z.object({ dtype: z.string(), scale: z.number().default(1), min: z.number().default(0) });
const weightSchema = z.object({
  name: z.string().max(1000),
  shape: z.array(size).max(8),
  dtype: z.string().default('float32'),
  quantization: quantization.optional(),
  group: z.string().optional(),
});
const manifestSchema = z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightSchema) }));
const fileSchema = z.object({
  format: z.string().optional(),
  modelTopology: z.unknown(),
  weightsManifest: manifestSchema,
});
const topologySchema = z.object({ model_config: z.unknown() });
const graphSchema = z.object({ node: z.array(z.unknown()) });

type Weight = z.output<typeof weightSchema>;
type Manifest = z.output<typeof manifestSchema>;

interface Stored {
  readonly bytesPerValue: number;
  /** The values as float32; undefined for numbers that are no weights. */
  readonly read?: (bytes: Uint8Array) => Float32Array;
}

const uint16 = (bytes: Uint8Array) => new Uint16Array(new Uint8Array(bytes).buffer);

/** How values are stored, by their type; of quantized ones as the numbers of the steps. */
const STORED: ReadonlyMap<string, Stored> = new Map<string, Stored>([
  ['float32', floatTypes.float32],
  ['float16', floatTypes.float16],
  ['uint8', { bytesPerValue: 1, read: (bytes) => Float32Array.from(bytes) }],
  ['uint16', { bytesPerValue: 2, read: (bytes) => Float32Array.from(uint16(bytes)) }],
  ['int32', { bytesPerValue: 4 }],
  ['bool', { bytesPerValue: 1 }],
]);

/** The layers of a LayersModel in order, with their weights. @throws UnusableError that names what is unknown or damaged */
export async function readLayersModel(file: ModelFile): Promise<LayerRecord[]> {
  const { topology, manifest } = parsed(file);
  const model = topologySchema.safeParse(topology).data?.model_config ?? topology;
  const layers = layersInOrder(model, file.name).map(withDefaults);
  return withWeights(layers, await readWeights(file, manifest), file.name);
}

/** The weights of a LayersModel by their names. @throws UnusableError as `readLayersModel` */
export async function readLayersModelWeights(file: ModelFile): Promise<NamedTensor[]> {
  return readWeights(file, parsed(file).manifest);
}

function parsed({ bytes, name }: ModelFile): { readonly topology: unknown; readonly manifest: Manifest } {
  if (bytes.length > LONGEST_TOPOLOGY)
    throw notRecognized(
      name,
      phrase('it has {0} bytes, and a list of layers at most {1}', bytes.length, LONGEST_TOPOLOGY),
    );
  const json = jsonOf(bytes);
  if (z.object({ format: z.literal('sequence-lab') }).safeParse(json).success)
    throw notRecognized(name, phrase('it is a file of a run of Sequence Lab. Open the run'));
  const topology = z.object({ modelTopology: z.unknown() }).safeParse(json).data?.modelTopology;
  const { format } = z.object({ format: z.string() }).safeParse(json).data ?? {};
  if (format === 'graph-model' || graphSchema.safeParse(topology).success)
    throw notRecognized(
      name,
      phrase(
        'it is a graph model, which has operations instead of layers. Convert the model of Keras with --output_format tfjs_layers_model',
      ),
    );
  const file = fileSchema.safeParse(json).data;
  if (!file || topology === undefined)
    throw notRecognized(name, phrase('it is no LayersModel with modelTopology and weightsManifest'));
  if (isNestedTooDeeply(topology))
    throw notRecognized(name, phrase('its options are nested over {0} times', MOST_LEVELS));
  return { topology: withKerasNames(topology), manifest: file.weightsManifest };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** An option that TensorFlow.js does not read from the file, and for which its default is another one than that of Keras. */
function withDefaults(layer: LayerConfig): LayerConfig {
  const inner = z
    .looseObject({ class_name: z.string(), config: z.record(z.string(), z.unknown()) })
    .safeParse(layer.config['layer']).data;
  const config = { recurrent_activation: 'hard_sigmoid', ...(inner ? inner.config : layer.config) };
  return { ...layer, config: inner ? { ...layer.config, layer: { ...inner, config } } : config };
}

async function readWeights({ name, neighbor }: ModelFile, manifest: Manifest): Promise<NamedTensor[]> {
  const refuse = (reason: Text) => notRecognized(name, reason);
  const count = manifest.reduce((sum, { weights }) => sum + weights.length, 0);
  if (count > MOST_WEIGHTS) throw refuse(phrase('it has {0} weights; at most {1} can be read', count, MOST_WEIGHTS));
  const paths = manifest.flatMap((group) => group.paths);
  if (paths.length > MOST_FILES)
    throw refuse(phrase('it names {0} files of weights; at most {1} can be read', paths.length, MOST_FILES));
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) throw refuse(phrase('it names the file "{0}" twice', path));
    seen.add(path);
  }
  const tensors: NamedTensor[] = [];
  for (const { paths: files, weights } of manifest) {
    const needed = weights.reduce((sum, weight) => sum + bytesOf(weight, refuse), 0);
    const shards: Uint8Array[] = [];
    let length = 0;
    for (const written of files) {
      const path = written.replace(/^\.\//, '');
      // A name without a folder, so that nothing outside of the folder is read.
      if (!/^[^/\\:]+$/.test(path) || path === '.' || path === '..')
        throw refuse(phrase('it names the file of weights "{0}", which is not next to it', path));
      const shard = await neighbor(path);
      if (!shard) throw refuse(phrase('its file of weights "{0}" is missing next to it', path));
      shards.push(shard);
      length += shard.length;
      if (length > needed) break;
    }
    if (length !== needed)
      throw refuse(phrase('its files of weights have {0} bytes, and its index needs {1}', length, needed));
    tensors.push(...tensorsOf(weights, shards.length === 1 ? shards[0]! : joinBytes(shards), refuse));
  }
  return tensors;
}

function storedAs({ name, dtype, quantization: quantized }: Weight, refuse: (reason: Text) => Error): Stored {
  const type = quantized?.dtype ?? dtype;
  const stored = STORED.get(type);
  if (!stored) throw refuse(phrase('"{0}" has values of the type {1}, which is not known', name, type));
  return stored;
}

function bytesOf(weight: Weight, refuse: (reason: Text) => Error): number {
  return storedAs(weight, refuse).bytesPerValue * weight.shape.reduce((product, each) => product * each, 1);
}

/** @param bytes as many as the weights need */
function tensorsOf(weights: readonly Weight[], bytes: Uint8Array, refuse: (reason: Text) => Error): NamedTensor[] {
  let at = 0;
  return weights.flatMap((weight) => {
    const from = at;
    at += bytesOf(weight, refuse);
    // The state of an optimizer.
    if (weight.group === 'optimizer') return [];
    const { name, shape, dtype, quantization: quantized } = weight;
    const { read } = storedAs(weight, refuse);
    if (!read || dtype !== 'float32')
      throw refuse(phrase('"{0}" has values of the type {1}, not float32', name, quantized?.dtype ?? dtype));
    const values = read(bytes.subarray(from, at));
    if (quantized && quantized.dtype !== 'float16')
      values.forEach((value, index) => (values[index] = value * quantized.scale + quantized.min));
    return [{ name, shape, values }];
  });
}

const KINDS = ['kernel', 'recurrent_kernel', 'bias', 'embeddings'] as const;

/** Gives each layer its weights, which are named by paths such as `bidirectional_1/forward_lstm_1/lstm_cell/kernel`. */
function withWeights(layers: readonly LayerConfig[], tensors: readonly NamedTensor[], name: string): LayerRecord[] {
  const byLayer = new Map<string, { readonly place: number; readonly tensor: NamedTensor }[]>(
    layers.map((layer) => [layer.name, []]),
  );
  for (const tensor of tensors) {
    const parts = tensor.name.replace(/:\d+$/, '').split('/');
    const last = parts.at(-1) ?? '';
    const kind = /^\d+$/.test(last) ? Number(last) : KINDS.findIndex((each) => each === last);
    const owner = parts.map((part) => byLayer.get(part)).find((found) => found !== undefined);
    if (!owner || kind < 0)
      throw notRecognized(
        name,
        phrase('it has the weight "{0}", which belongs to no layer that is known', tensor.name),
      );
    const backward = parts.some((part) => part.startsWith('backward_'));
    owner.push({ place: kind + (backward ? KINDS.length : 0), tensor });
  }
  return layers.map((layer) => {
    const own = (byLayer.get(layer.name) ?? []).sort((a, b) => a.place - b.place);
    const needed = weightCount(layer);
    if (needed !== undefined && own.length !== needed)
      throw notRecognized(
        name,
        phrase('the layer "{0}" has {1} weights, and {2} are needed', layer.name, own.length, needed),
      );
    return { ...layer, weights: own.map(({ tensor }) => tensor) };
  });
}
