import * as z from 'zod';
import type { NamedTensor } from '../../models/weights.ts';
import { phrase } from '../../phrases/phrase.ts';
import { notRecognized } from '../recognized.ts';

/**
 * Models of Keras and of TensorFlow.js as a plain list of layers, in the order in which each reads the one before. Their
 * files differ; the options of the layers and the order of their weights do not.
 */
export interface LayerRecord {
  readonly className: string;
  readonly name: string;
  /** Options by the names of Keras, such as `return_sequences`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Kernel, recurrent kernel and bias; of both directions, those of the forward layer first. */
  readonly weights: readonly NamedTensor[];
}

/** A layer without its weights. */
export type LayerConfig = Omit<LayerRecord, 'weights'>;

/** Most layers of a model. */
const MOST_LAYERS = 1000;

const record = z.record(z.string(), z.unknown());
const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: record,
  inbound_nodes: z.array(z.unknown()).optional(),
});
const layers = z.array(layerSchema).max(MOST_LAYERS);
const place = z.tuple([z.string(), z.int(), z.int()]);
const modelSchema = z.object({ class_name: z.string(), config: z.unknown() });
const sequential = z.union([layers, z.object({ layers }).transform(({ layers: list }) => list)]);
const functional = z.object({
  layers,
  // Keras 3 writes a single place without a list around it.
  input_layers: z.union([z.array(place), place.transform((one) => [one])]),
  output_layers: z.union([z.array(place), place.transform((one) => [one])]),
});
const nodeOfKeras2 = z.array(z.tuple([z.string(), z.int(), z.int()], z.unknown()));
const nodeOfKeras3 = z.object({ args: z.array(z.unknown()) });
const tensorOfKeras3 = z.object({ config: z.object({ keras_history: place }) });

type Layer = z.output<typeof layerSchema>;

/** Names of options of Keras in place of those of TypeScript: `returnSequences` becomes `return_sequences`. */
export function withKerasNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKerasNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      withKerasNames(inner),
    ]),
  );
}

/**
 * The layers of a model in order, of the `{ class_name, config }` that Keras and TensorFlow.js write.
 * @param name name of the file, for errors
 * @throws UnusableError for other content, and for a model in which a layer does not read the one before only
 */
export function layersInOrder(model: unknown, name: string): LayerConfig[] {
  const { data } = modelSchema.safeParse(model);
  if (!data) throw notRecognized(name, phrase('it has no list of layers'));
  if (data.class_name === 'Sequential') {
    const list = sequential.safeParse(data.config).data;
    if (!list) throw notRecognized(name, phrase('it has no list of at most {0} layers', MOST_LAYERS));
    return list.map(configOf);
  }
  if (!FUNCTIONAL.has(data.class_name))
    throw notRecognized(
      name,
      phrase('it is a model of the class "{0}", not Sequential or functional', data.class_name),
    );
  const graph = functional.safeParse(data.config).data;
  if (!graph) throw notRecognized(name, phrase('it has no list of at most {0} layers', MOST_LAYERS));
  return chain(graph, name).map(configOf);
}

const FUNCTIONAL: ReadonlySet<string> = new Set(['Model', 'Functional']);

function configOf({ class_name: className, config, name }: Layer): LayerConfig {
  const own = config['name'];
  return { className, name: typeof own === 'string' ? own : (name ?? className), config };
}

/** The layers from the input to the output, of which each reads the one before. */
function chain(
  { layers: list, input_layers: inputs, output_layers: outputs }: z.output<typeof functional>,
  name: string,
): Layer[] {
  const [input, ...otherInputs] = inputs;
  const [output, ...otherOutputs] = outputs;
  if (!input || !output || otherInputs.length > 0 || otherOutputs.length > 0)
    throw notRecognized(
      name,
      phrase('it has {0} inputs and {1} outputs; models with one of each are known', inputs.length, outputs.length),
    );
  const byName = new Map(list.map((layer) => [layer.name ?? configOf(layer).name, layer]));
  const found: Layer[] = [];
  let at = output[0];
  while (found.length <= list.length) {
    const layer = byName.get(at);
    if (!layer) throw notRecognized(name, phrase('the layer "{0}" is missing', at));
    found.unshift(layer);
    const before = inboundOf(layer, name);
    if (before === undefined) break;
    at = before;
  }
  if (at !== input[0] || found.length > list.length)
    throw notRecognized(name, phrase('its layers are no chain from its input to its output'));
  const unread = list.find((layer) => !found.includes(layer));
  if (unread)
    throw notRecognized(
      name,
      phrase('the layer "{0}" is not between its input and its output in one chain', configOf(unread).name),
    );
  return found;
}

/** The layer that a layer reads; undefined for an input. */
function inboundOf(layer: Layer, name: string): string | undefined {
  const [node, ...others] = layer.inbound_nodes ?? [];
  if (node === undefined) return undefined;
  const places = nodeOfKeras2.safeParse(node).data ?? placesOfKeras3(node);
  const [read, ...more] = places ?? [];
  if (others.length > 0 || !read || more.length > 0)
    throw notRecognized(
      name,
      phrase('the layer "{0}" does not read one other layer; layers in a chain are known', configOf(layer).name),
    );
  if (read[2] !== 0)
    throw notRecognized(name, phrase('the layer "{0}" reads a state of "{1}"', configOf(layer).name, read[0]));
  return read[0];
}

function placesOfKeras3(node: unknown): (readonly [string, number, number])[] | undefined {
  return nodeOfKeras3
    .safeParse(node)
    .data?.args.flat()
    .flatMap((value) => {
      const tensor = tensorOfKeras3.safeParse(value).data;
      return tensor ? [tensor.config.keras_history] : [];
    });
}
