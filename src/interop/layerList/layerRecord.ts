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
  /** Module of Keras 3 with the class, such as `keras.layers`; empty in other files. */
  readonly module: string;
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
  module: z.string().nullish(),
  class_name: z.string(),
  registered_name: z.string().nullish(),
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
  input_layers: z.unknown().transform((value) => placesIn(value)),
  output_layers: z.unknown().transform((value) => placesIn(value)),
});
const nodeOfKeras2 = z.array(z.tuple([z.string(), z.int(), z.int()], z.unknown()));
const nodeOfKeras3 = z.object({
  args: z.array(z.unknown()),
  kwargs: z.object({ initial_state: z.unknown(), mask: z.unknown() }).partial().default({}),
});
const tensorOfKeras3 = z.object({ config: z.object({ keras_history: place }) });

type Layer = z.output<typeof layerSchema>;

/** Renames options of TypeScript as Keras has them: `returnSequences` becomes `return_sequences`. */
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

function configOf({ class_name: className, config, name, module, registered_name: registered }: Layer): LayerConfig {
  const own = config['name'];
  // A class of somebody may have the name of one of Keras.
  const isOther = module != null && !/^keras(?:\.|$)/.test(module);
  const isRegistered = registered?.includes('>') === true;
  return {
    className: isRegistered ? registered : isOther ? `${module}.${className}` : className,
    name: typeof own === 'string' ? own : (name ?? className),
    module: module ?? '',
    config,
  };
}

/** Places of tensors: Keras 3 writes one alone, a list, or an object of them by name. */
function placesIn(value: unknown, depth = 0): z.output<typeof place>[] {
  const found = place.safeParse(value).data;
  if (found) return [found];
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) return [];
  return Object.values(value).flatMap((each: unknown) => placesIn(each, depth + 1));
}

/** Most levels of lists and objects around a place, or a tensor in a call. */
const DEEPEST = 4;

/**
 * The layers from the input to the output, of which each reads the one before. States of recurrent layers and
 * masks may be further inputs, and states further outputs: here, texts begin with zeros and are not padded.
 */
function chain(
  { layers: list, input_layers: inputs, output_layers: outputs }: z.output<typeof functional>,
  name: string,
): Layer[] {
  const byName = new Map(list.map((layer) => [layer.name ?? configOf(layer).name, layer]));
  const isInput = (layer: string) => byName.get(layer)?.class_name === 'InputLayer';
  const states = new Set(list.flatMap((layer) => statesOf(layer, isInput)));
  for (const operation of maskOperations(list, byName)) states.add(operation);
  const begins = inputs.filter(([layer]) => !states.has(layer));
  const ends = outputs.filter(([, , which]) => which === 0);
  const [input, ...otherInputs] = begins;
  const [output, ...otherOutputs] = ends;
  if (!input || !output || otherInputs.length > 0 || otherOutputs.length > 0)
    throw notRecognized(
      name,
      phrase('it has {0} inputs and {1} outputs; models with one of each are known', begins.length, ends.length),
    );
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
  const unread = list.find((layer) => !found.includes(layer) && !states.has(layer.name ?? configOf(layer).name));
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

/** Operations of Keras 3 that compute masks. */
const MASK_OPERATIONS: ReadonlySet<string> = new Set(['NotEqual', 'Any']);

/**
 * The operations that compute the masks of layers: which ids are not 0, and which vectors are not those of a layer Masking.
 * Other masks are not among them, because they may leave out steps of a text.
 */
function maskOperations(list: readonly Layer[], byName: ReadonlyMap<string, Layer>): ReadonlySet<string> {
  const masked = new Set<unknown>([0]);
  for (const layer of list) if (configOf(layer).className === 'Masking') masked.add(layer.config['mask_value'] ?? 0);
  const found = new Set<string>();
  const open = list.flatMap((layer) => tensorsIn(callOf(layer)?.kwargs.mask));
  for (let next = open.pop(); next; next = open.pop()) {
    const layer = byName.get(next[0]);
    const call = layer && callOf(layer);
    if (!call || found.has(next[0]) || !MASK_OPERATIONS.has(layer.class_name) || !isOperation(layer)) continue;
    if (layer.class_name === 'NotEqual' && !masked.has(call.args[1])) continue;
    found.add(next[0]);
    open.push(...tensorsIn(call.args));
  }
  return found;
}

function isOperation({ module }: Layer): boolean {
  return /^keras\.(?:src\.)?ops\b/.test(module ?? '');
}

function callOf(layer: Layer): z.output<typeof nodeOfKeras3> | undefined {
  return nodeOfKeras3.safeParse(layer.inbound_nodes?.[0]).data;
}

/** The inputs that are the states that a recurrent layer begins with, or tell it where a text ends. */
function statesOf(layer: Layer, isInput: (name: string) => boolean): string[] {
  const call = callOf(layer);
  if (!call) return [];
  const { initial_state: states, mask } = call.kwargs;
  return tensorsIn([states, mask]).flatMap(([read]) => (isInput(read) ? [read] : []));
}

function placesOfKeras3(node: unknown): z.output<typeof place>[] | undefined {
  const call = nodeOfKeras3.safeParse(node).data;
  return call && tensorsIn(call.args);
}

/** The tensors of Keras 3 in the arguments of a call. */
function tensorsIn(value: unknown, depth = 0): z.output<typeof place>[] {
  const tensor = tensorOfKeras3.safeParse(value).data;
  if (tensor) return [tensor.config.keras_history];
  if (!Array.isArray(value) || depth >= DEEPEST) return [];
  return value.flatMap((each: unknown) => tensorsIn(each, depth + 1));
}
