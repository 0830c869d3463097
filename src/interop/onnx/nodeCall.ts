import type { Budget, Constant, TensorReader } from './constants.ts';
import type { ReadNode } from './readModel.ts';
import { numbersOf } from './shaping.ts';
import { type TensorValue, Unclear, type Value } from './values.ts';

/** A node with the values of its inputs. */
export class NodeCall {
  readonly node: ReadNode;
  /** Version of the operators. */
  readonly opset: number;
  /** Of the whole graph. */
  readonly budget: Budget;
  readonly #inputs: readonly (Value | undefined)[];
  readonly #reader: TensorReader;

  constructor(
    node: ReadNode,
    {
      inputs,
      opset,
      reader,
      budget,
    }: {
      readonly inputs: readonly (Value | undefined)[];
      readonly opset: number;
      readonly reader: TensorReader;
      readonly budget: Budget;
    },
  ) {
    this.node = node;
    this.opset = opset;
    this.budget = budget;
    this.#inputs = inputs;
    this.#reader = reader;
  }

  /** The inputs that are given. */
  get inputs(): readonly Value[] {
    return this.#inputs.flatMap((input) => (input ? [input] : []));
  }

  optional(place: number): Value | undefined {
    return this.#inputs[place];
  }

  input(place: number): Value {
    const value = this.#inputs[place];
    if (!value) throw new Unclear();
    return value;
  }

  tensor(place: number): TensorValue {
    const value = this.input(place);
    if (value.type !== 'tensor') throw new Unclear();
    return value;
  }

  constant(place: number): Constant {
    const value = this.input(place);
    if (value.type !== 'constant') throw new Unclear();
    return value.constant;
  }

  int(name: string, otherwise: number): number {
    return this.node.attributes.get(name)?.int ?? otherwise;
  }

  float(name: string, otherwise: number): number {
    return this.node.attributes.get(name)?.float ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    return this.node.attributes.get(name)?.text ?? otherwise;
  }

  texts(name: string): readonly string[] {
    return this.node.attributes.get(name)?.texts ?? [];
  }

  /** A tensor in an attribute. */
  attributeTensor(name: string): Constant | undefined {
    const tensor = this.node.attributes.get(name)?.tensor;
    return tensor && this.#reader.read(tensor);
  }

  /** Integers that are an attribute, or an input since a later version of the operators; undefined if omitted. */
  integers(name: string, place: number): readonly number[] | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute) return attribute.ints;
    const value = this.#inputs[place];
    return value && numbersOf(value);
  }
}
