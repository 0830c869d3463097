import type { CellName } from '../../config/cells.ts';
import type { Text } from '../../phrases/phrase.ts';
import type { PortableShape } from '../portable.ts';
import type { Constant } from './constants.ts';

/**
 * What the values of a graph are, as far as the import has to know: constants, sizes of inputs, and tensors that depend
 * on the inputs, with what their elements are and what their axes count.
 */
export type Value =
  | { readonly type: 'constant'; readonly constant: Constant }
  /** The same number everywhere, in a shape that is known only when the graph runs. */
  | { readonly type: 'filled'; readonly value: number; readonly dims?: readonly Entry[] }
  /** Integers that are sizes of inputs: of a vector, or one. */
  | { readonly type: 'sizes'; readonly entries: readonly Entry[]; readonly isScalar: boolean }
  | TensorValue
  /** Tensors one after another along an axis. */
  | { readonly type: 'stack'; readonly parts: readonly TensorValue[]; readonly axis: number }
  /** A part of an input, such as the state before the first step of one layer. */
  | { readonly type: 'part' }
  /** @param reason why the value is not known */
  | UnknownValue;

interface UnknownValue {
  readonly type: 'unknown';
  readonly reason: Text;
}

export interface TensorValue {
  readonly type: 'tensor';
  readonly content: Content;
  readonly axes: Axes;
}

/** What an axis counts, the slowest first: several things if axes were joined, nothing if its size is 1. */
export type Axes = readonly (readonly Atom[])[];

/** One thing that an axis counts, such as the steps of the input; the same object in every value. */
export interface Atom {
  /** Undefined if it is known only when the graph runs. */
  readonly size: number | undefined;
}

/** A product of sizes and of a factor, plus a number. */
export type Entry = number | { readonly factors: readonly Atom[]; readonly times: number; readonly plus: number };

/** What the elements of a tensor are. */
export type Content =
  | InputContent
  | { readonly kind: 'one-hot'; readonly ids: InputContent; readonly depth: Atom }
  | {
      readonly kind: 'embedded';
      readonly ids: InputContent;
      readonly table: Constant;
      readonly width: Atom;
      readonly node: string;
    }
  /** Hidden states at every step; those of one direction if it is given. */
  | { readonly kind: 'hidden'; readonly layer: Layer; readonly direction?: Direction | undefined }
  /** Hidden states after the last step that each direction reads. */
  | { readonly kind: 'last'; readonly layer: Layer; readonly direction?: Direction | undefined }
  /** Hidden states of both directions at the last or the first step of the input. */
  | { readonly kind: 'step'; readonly layer: Layer; readonly at: 'first' | 'last' }
  | {
      readonly kind: 'pooled';
      readonly layer: Layer;
      readonly pooling: 'mean' | 'max' | 'sum';
      readonly direction?: Direction | undefined;
    }
  | DenseContent;

type Direction = 0 | 1;

interface InputContent {
  readonly kind: 'input';
  readonly name: string;
}

export interface DenseContent {
  readonly kind: 'dense';
  readonly from: Content;
  /** `[inputs, outputs]` */
  readonly kernel: Constant;
  readonly bias: Float32Array | undefined;
  readonly outputs: Atom;
  readonly end: 'none' | 'softmax' | 'log-softmax' | 'sigmoid';
  readonly node: string;
}

/** A recurrent node, or two of which one reads backward. */
export interface Layer {
  readonly node: string;
  readonly cell: CellName;
  readonly units: Atom & { readonly size: number };
  /** Counts the directions; undefined if there is one. */
  readonly directions: Atom | undefined;
  /** Whether its only direction is from the end. */
  readonly isReverse: boolean;
  /** Counts the steps. */
  readonly time: Atom;
  readonly input: Content;
  readonly activation: PortableShape['activation'];
  readonly resetAfter: boolean;
  /** `[directions, gates * units, inputs]`, `[directions, gates * units, units]` and `[directions, 2 * gates * units]`. */
  readonly weights: { readonly W: Constant; readonly R: Constant; readonly B: Constant | undefined };
}

/** A node that is not understood, with the reason. */
export class Unclear extends Error {
  override readonly name = 'Unclear';
  readonly reason: Text | undefined;

  /** @param reason what is not understood; the operator if omitted */
  constructor(reason?: Text) {
    super('A node is not understood.');
    this.reason = reason;
  }
}

/** Product of the sizes of atoms; undefined if one is not known. */
export function sizeOf(atoms: readonly Atom[]): number | undefined {
  return atoms.reduce<number | undefined>(
    (total, { size }) => (total === undefined || size === undefined ? undefined : total * size),
    1,
  );
}

/** Whether two lists have the same atoms; those of size 1 count nothing. */
export function sameAtoms(left: readonly Atom[], right: readonly Atom[]): boolean {
  const [a, b] = [left, right].map((atoms) => atoms.filter(({ size }) => size !== 1));
  return a!.length === b!.length && a!.every((atom, at) => atom === b![at]);
}

/** Whether an axis counts all numbers that a step or a sequence has. */
export function isWhole(content: Content, axis: readonly Atom[]): boolean {
  if (content.kind === 'input') return false;
  if (content.kind === 'one-hot') return sameAtoms(axis, [content.depth]);
  if (content.kind === 'embedded') return sameAtoms(axis, [content.width]);
  if (content.kind === 'dense') return sameAtoms(axis, [content.outputs]);
  const isOne = content.kind !== 'step' && content.direction !== undefined;
  return sameAtoms(axis, isOne ? [content.layer.units] : unitsOf(content.layer));
}

/** What counts the hidden units of a layer. */
export function unitsOf({ directions, units }: Layer): readonly Atom[] {
  return directions ? [directions, units] : [units];
}
