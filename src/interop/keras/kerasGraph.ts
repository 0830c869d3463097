import { storedZip } from '../../format/storedZip.ts';
import { utf8 } from '../../format/bytes.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { type Hdf5Array, writeHdf5 } from '../hdf5/hdf5Writer.ts';
import { KERAS_ENTRIES, layerPaths } from './kerasPaths.ts';

/** An axis; null for batch and time. */
export type Axis = number | null;

/** A tensor between two layers. */
export interface Tensor {
  readonly node: Node;
  /** Which output of the layer it is. */
  readonly output: number;
  readonly shape: readonly Axis[];
}

/** What a layer is called with: tensors, and lists of tensors and values. */
type Argument = Tensor | null | number | readonly Argument[];

/** A layer, or an operation of `keras.ops`, and its only call. */
interface Node {
  readonly name: string;
  readonly module: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly args: readonly Argument[];
  readonly kwargs: Readonly<Record<string, Argument>>;
  /** Weights by their paths in the group of the layer, such as `cell/vars/0`. */
  readonly weights: ReadonlyMap<string, Hdf5Array>;
}

export interface LayerOptions {
  readonly kwargs?: Readonly<Record<string, Argument>>;
  readonly weights?: ReadonlyMap<string, Hdf5Array>;
}

const LAYERS = 'keras.layers';
/** The oldest version whose files have this form. */
const KERAS_VERSION = '3.0.0';
/** A file says when it was written. The same model makes the same file. */
const DATE_SAVED = '1980-01-01@00:00:00';

/** Builds a functional model of Keras 3 of stock layers, each of which is called once. */
export class KerasGraph {
  readonly #nodes: Node[] = [];
  readonly #inputs = new Map<string, Tensor>();
  readonly #outputs = new Map<string, Tensor>();

  /** @param shape with the batch */
  input(name: string, dtype: 'int32' | 'float32' | 'bool', shape: readonly Axis[]): Tensor {
    const [tensor] = this.#add({
      node: { name, module: LAYERS, className: 'InputLayer', config: { batch_shape: shape, dtype, name } },
      shapes: [shape],
    });
    this.#inputs.set(name, tensor);
    return tensor;
  }

  /** A stock layer. @param shapes shapes of its outputs */
  layers(
    className: string,
    config: { readonly name: string } & Readonly<Record<string, unknown>>,
    args: readonly Argument[],
    shapes: readonly [readonly Axis[], ...(readonly Axis[])[]],
    options: LayerOptions = {},
  ): [Tensor, ...Tensor[]] {
    return this.#add({ node: { name: config.name, module: LAYERS, className, config, args, ...options }, shapes });
  }

  /** A stock layer with one output. */
  layer(
    className: string,
    config: { readonly name: string } & Readonly<Record<string, unknown>>,
    args: readonly Argument[],
    shape: readonly Axis[],
    options: LayerOptions = {},
  ): Tensor {
    return this.layers(className, config, args, [shape], options)[0];
  }

  /** An operation. @param module where Keras has it, such as `nn` */
  operation(
    module: 'nn' | 'numpy',
    className: string,
    name: string,
    config: Readonly<Record<string, unknown>>,
    args: readonly Argument[],
    shape: readonly Axis[],
  ): Tensor {
    const node = { name, module: `keras.src.ops.${module}`, className, config, args };
    return this.#add({ node, shapes: [shape] })[0];
  }

  output(name: string, tensor: Tensor): void {
    this.#outputs.set(name, tensor);
  }

  /**
   * The file `.keras`: an archive of the structure and the weights.
   * @param kept arrays that are stored next to those of the layers, for a reader of our own
   * @throws UnusableError for more than 4 GB of weights
   */
  encode(name: string, kept: ReadonlyMap<string, Hdf5Array>): Uint8Array<ArrayBuffer> {
    const ordered = this.#ordered();
    const paths = layerPaths(ordered.map(({ className, module }) => ({ className, module })));
    const arrays = new Map<string, Hdf5Array | null>([['vars/', null]]);
    ordered.forEach(({ weights }, at) => {
      for (const [path, array] of weights) arrays.set(`${paths[at]}/${path}`, array);
    });
    for (const [path, array] of kept) arrays.set(path, array);
    const metadata = { keras_version: KERAS_VERSION, date_saved: DATE_SAVED };
    const zip = storedZip(
      new Map([
        [KERAS_ENTRIES.metadata, utf8(JSON.stringify(metadata))],
        [KERAS_ENTRIES.config, utf8(JSON.stringify(this.#config(name, ordered)))],
        [KERAS_ENTRIES.weights, writeHdf5(arrays)],
      ]),
    );
    if (zip) return zip;
    throw new UnusableError(phrase('The weights exceed the 4 GB of a file of Keras. Export them as safetensors.'));
  }

  #add({
    node,
    shapes,
  }: {
    readonly node: Omit<Node, 'args' | 'kwargs' | 'weights'> & Partial<Node>;
    readonly shapes: readonly [readonly Axis[], ...(readonly Axis[])[]];
  }): [Tensor, ...Tensor[]] {
    const added: Node = { args: [], kwargs: {}, weights: new Map(), ...node };
    this.#nodes.push(added);
    const [first, ...others] = shapes;
    return [
      { node: added, output: 0, shape: first },
      ...others.map((shape, at): Tensor => ({ node: added, output: at + 1, shape })),
    ];
  }

  #config(name: string, ordered: readonly Node[]) {
    const places = (tensors: ReadonlyMap<string, Tensor>) =>
      Object.fromEntries([...tensors].map(([key, { node, output }]) => [key, [node.name, 0, output]]));
    return {
      module: 'keras.src.models.functional',
      class_name: 'Functional',
      config: {
        name,
        trainable: true,
        layers: ordered.map(({ name: own, module, className, config, args, kwargs }) => ({
          module,
          class_name: className,
          config,
          registered_name: module === LAYERS ? null : className,
          name: own,
          inbound_nodes:
            args.length === 0
              ? []
              : [
                  {
                    args: args.map(encoded),
                    kwargs: Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, encoded(value)])),
                  },
                ],
        })),
        input_layers: places(this.#inputs),
        output_layers: places(this.#outputs),
      },
      registered_name: 'Functional',
      build_config: { input_shape: null },
    };
  }

  /**
   * The layers in the order of Keras, on which the paths of their weights depend: by their distance from the outputs, then
   * as a depth-first search from the outputs finds them (`map_graph` of Keras).
   */
  #ordered(): Node[] {
    const found = new Map<Node, number>();
    const finished = new Set<Node>();
    const visit = (node: Node) => {
      if (finished.has(node)) return;
      if (!found.has(node)) found.set(node, found.size);
      for (const parent of parents(node)) visit(parent);
      finished.add(node);
    };
    const names = [...this.#outputs.keys()].sort();
    for (const name of names) visit(this.#outputs.get(name)!.node);
    const depths = new Map<Node, number>();
    for (const node of [...finished].toReversed()) {
      const depth = depths.get(node) ?? 0;
      depths.set(node, depth);
      for (const parent of parents(node)) depths.set(parent, Math.max(depth + 1, depths.get(parent) ?? 0));
    }
    return this.#nodes
      .filter((node) => finished.has(node))
      .sort((a, b) => depths.get(b)! - depths.get(a)! || found.get(a)! - found.get(b)!);
  }
}

function isTensor(argument: Argument): argument is Tensor {
  return typeof argument === 'object' && argument !== null && 'node' in argument;
}

function encoded(argument: Argument): unknown {
  if (isTensor(argument)) {
    const { node, output, shape } = argument;
    const dtype = node.config['dtype'] ?? 'float32';
    return { class_name: '__keras_tensor__', config: { shape, dtype, keras_history: [node.name, 0, output] } };
  }
  return Array.isArray(argument) ? (argument as readonly Argument[]).map(encoded) : argument;
}

/** The layers that a layer reads, in the order of its arguments and of the names of its keywords. */
function parents({ args, kwargs }: Node): Node[] {
  const flat = (argument: Argument): Node[] => {
    if (isTensor(argument)) return [argument.node];
    return Array.isArray(argument) ? (argument as readonly Argument[]).flatMap(flat) : [];
  };
  return [
    ...args.flatMap(flat),
    ...Object.keys(kwargs)
      .sort()
      .flatMap((key) => flat(kwargs[key] ?? null)),
  ];
}
