import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { Budget, type Constant, TensorReader, Unfoldable } from './constants.ts';
import { NodeCall } from './nodeCall.ts';
import { operators } from './operators.ts';
import type { ReadModel, ReadNode, ReadValue } from './readModel.ts';
import { Unclear, type Value } from './values.ts';

/** A file with a graph, and the files next to it with the values of its tensors. */
export interface GraphFile {
  readonly name: string;
  readonly model: ReadModel;
  readonly neighbors: ReadonlyMap<string, Uint8Array>;
  /** Bytes of all files. */
  readonly bytes: number;
}

/** Bytes of the constants of a graph for each byte of its files, and those that every graph may have. */
const [LARGEST_RATIO, ALWAYS_ALLOWED] = [6, 64_000_000];

/**
 * What the outputs of a graph are, from its inputs and weights on.
 * @throws UnusableError for a graph with a cycle, values that nothing computes, and tensors that cannot be read
 */
export function evaluate(file: GraphFile): ReadonlyMap<string, Value> {
  const { model, name } = file;
  const values = new Map<string, Value>(model.inputs.map((input) => [input.name, inputValue(input)]));
  const evaluator = new Evaluator(file, values);
  for (const node of ordered(file)) evaluator.add(node);
  return new Map(
    model.outputs.flatMap((output) => {
      const value = evaluator.value(output);
      if (!value) throw new UnusableError(phrase('"{0}" has no node that computes its output "{1}".', name, output));
      return [[output, value]];
    }),
  );
}

function inputValue({ name, dims }: ReadValue): Value {
  if (!dims) return { type: 'unknown', reason: phrase('its input "{0}" has no shape', name) };
  return { type: 'tensor', content: { kind: 'input', name }, axes: dims.map((size) => [{ size }]) };
}

/** The nodes that the outputs depend on, each after those whose outputs it reads. */
function ordered({ model, name }: GraphFile): ReadNode[] {
  const producers = new Map<string, ReadNode>();
  for (const node of model.nodes)
    for (const output of node.outputs) {
      if (output === '') continue;
      if (producers.has(output))
        throw new UnusableError(phrase('"{0}" has two nodes that compute "{1}".', name, output));
      producers.set(output, node);
    }
  const result: ReadNode[] = [];
  const states = new Map<ReadNode, 'open' | 'done'>();
  // An explicit stack: graphs may be deeper than the call stack.
  const stack = model.outputs.flatMap((output) => producers.get(output) ?? []);
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    if (states.get(node) === 'done') stack.pop();
    else if (states.get(node) === 'open') {
      states.set(node, 'done');
      result.push(node);
      stack.pop();
    } else {
      states.set(node, 'open');
      for (const input of node.inputs) {
        const producer = producers.get(input);
        if (!producer || states.get(producer) === 'done') continue;
        if (states.get(producer) === 'open')
          throw new UnusableError(phrase('"{0}" has a cycle at the node "{1}" ({2}).', name, node.name, node.operator));
        stack.push(producer);
      }
    }
  }
  return result;
}

class Evaluator {
  readonly #file: GraphFile;
  readonly #values: Map<string, Value>;
  readonly #reader: TensorReader;
  readonly #budget = new Budget();
  #bytes = 0;

  constructor(file: GraphFile, values: Map<string, Value>) {
    this.#file = file;
    this.#values = values;
    this.#reader = new TensorReader(file.name, file.neighbors);
  }

  /** The value of a name; the weights are read when they are needed. */
  value(name: string): Value | undefined {
    const known = this.#values.get(name);
    const tensor = this.#file.model.initializers.get(name);
    if (known || !tensor) return known;
    const value: Value = { type: 'constant', constant: this.#reader.read(tensor) };
    this.#count(value.constant);
    this.#values.set(name, value);
    return value;
  }

  add(node: ReadNode): void {
    const results = this.#results(node);
    node.outputs.forEach((output, place) => {
      const value = results[place] ?? unknown(node);
      if (value.type === 'constant') this.#count(value.constant);
      if (output !== '') this.#values.set(output, value);
    });
  }

  #results(node: ReadNode): readonly Value[] {
    const inputs = node.inputs.map((input) => {
      if (input === '') return undefined;
      const value = this.value(input);
      if (!value)
        throw new UnusableError(
          phrase('"{0}" has a node "{1}" that reads "{2}", which nothing computes.', this.#file.name, node.name, input),
        );
      return value;
    });
    const reason = inputs.find((value) => value?.type === 'unknown');
    if (reason) return node.outputs.map(() => reason);
    const operator = node.domain === '' ? operators.get(node.operator) : undefined;
    if (!operator) return node.outputs.map(() => unknown(node));
    try {
      return operator(
        new NodeCall(node, { inputs, opset: this.#file.model.opset, reader: this.#reader, budget: this.#budget }),
      );
    } catch (error) {
      if (error instanceof Unclear) return node.outputs.map(() => unknown(node, error.reason));
      if (error instanceof Unfoldable) return node.outputs.map(() => unknown(node));
      throw error;
    }
  }

  #count({ values }: Constant): void {
    this.#bytes += values.byteLength;
    if (this.#bytes <= ALWAYS_ALLOWED + LARGEST_RATIO * this.#file.bytes) return;
    throw new UnusableError(phrase('"{0}" computes more constants than its size allows.', this.#file.name));
  }
}

function unknown({ name, operator, domain }: ReadNode, reason?: Text): Value {
  const shown = domain === '' ? operator : `${domain}.${operator}`;
  return { type: 'unknown', reason: reason ?? phrase('the node "{0}" ({1}) is not understood there', name, shown) };
}
