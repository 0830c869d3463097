import type { Constant } from './constants.ts';
import {
  gatheredConstant,
  joinedConstants,
  product,
  slicedConstant,
  transposedConstant,
  uniform,
  Unfoldable,
} from './constants.ts';
import {
  type Atom,
  type Axes,
  type Content,
  type Entry,
  type Layer,
  sameAtoms,
  sizeOf,
  type TensorValue,
  Unclear,
  unitsOf,
  type Value,
} from './values.ts';

/** Operators that move, join or select elements without changing them. */

/** Largest size; a slice to it goes to the end. */
const END = 2 ** 31 - 1;

export function axisOf(axis: number, rank: number): number {
  const own = axis < 0 ? axis + rank : axis;
  if (own < 0 || own >= rank || !Number.isInteger(own)) throw new Unclear();
  return own;
}

/** Number of axes of a value. */
export function rankOf(value: Value): number {
  if (value.type === 'constant') return value.constant.dims.length;
  if (value.type === 'sizes') return value.isScalar ? 0 : 1;
  if (value.type === 'tensor') return value.axes.length;
  if (value.type === 'stack') return value.parts[0]?.axes.length ?? 0;
  throw new Unclear();
}

const constantValue = (constant: Constant): Value => ({ type: 'constant', constant });

/** Integers of a list, if a value is one. */
export function entriesOf(value: Value): readonly Entry[] {
  if (value.type === 'sizes') return value.entries;
  if (value.type === 'constant' && value.constant.dims.length < 2) return [...value.constant.values];
  throw new Unclear();
}

/** Integers that are known. */
export function numbersOf(value: Value): number[] {
  return entriesOf(value).map((entry) => {
    if (typeof entry !== 'number') throw new Unclear();
    return entry;
  });
}

/** The size of an axis, as an entry of a list. */
function entryOf(atoms: readonly Atom[]): Entry {
  const known = sizeOf(atoms);
  if (known !== undefined) return known;
  const times = sizeOf(atoms.filter(({ size }) => size !== undefined)) ?? 1;
  return { factors: atoms.filter(({ size }) => size === undefined), times, plus: 0 };
}

export function transpose(value: Value, given: readonly number[] | undefined): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  const rank = rankOf(value);
  const permutation = given ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (permutation.length !== rank || new Set(permutation).size !== rank) throw new Unclear();
  permutation.forEach((axis) => axisOf(axis, rank));
  if (value.type === 'constant') return constantValue(transposedConstant(value.constant, permutation));
  return moved(
    value,
    (axes) => permutation.map((axis) => axes[axis]!),
    (axis) => permutation.indexOf(axis),
  );
}

/** @param place where the axis of a stack is afterwards */
function moved(value: Value, move: (axes: Axes) => Axes, place: (axis: number) => number): Value {
  if (value.type === 'tensor') return { ...value, axes: move(value.axes) };
  if (value.type === 'stack')
    return {
      ...value,
      axis: place(value.axis),
      parts: value.parts.map((part) => ({ ...part, axes: move(part.axes) })),
    };
  throw new Unclear();
}

export function unsqueeze(value: Value, given: readonly number[]): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  if (value.type === 'sizes') {
    if (!value.isScalar || given.length !== 1) throw new Unclear();
    return { ...value, isScalar: false };
  }
  const rank = rankOf(value) + given.length;
  const added = new Set(given.map((axis) => axisOf(axis, rank)));
  if (added.size !== given.length) throw new Unclear();
  const places = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !added.has(axis));
  const spread = <Size>(sizes: readonly Size[], one: Size) =>
    Array.from({ length: rank }, (_, axis) => (added.has(axis) ? one : sizes[places.indexOf(axis)]!));
  if (value.type === 'constant') return constantValue({ ...value.constant, dims: spread(value.constant.dims, 1) });
  return moved(
    value,
    (axes) => spread<readonly Atom[]>(axes, []),
    (axis) => places[axis]!,
  );
}

/** @param given axes of size 1; all of them if omitted */
export function squeeze(value: Value, given: readonly number[] | undefined): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  if (value.type === 'sizes') {
    if (value.entries.length !== 1) throw new Unclear();
    return { ...value, isScalar: true };
  }
  const sizes = value.type === 'constant' ? value.constant.dims : sizesOf(value);
  const chosen =
    given?.map((axis) => axisOf(axis, sizes.length)) ?? sizes.flatMap((size, axis) => (size === 1 ? [axis] : []));
  if (chosen.some((axis) => sizes[axis] !== 1)) throw new Unclear();
  const kept = sizes.map((_, axis) => axis).filter((axis) => !chosen.includes(axis));
  if (value.type === 'constant')
    return constantValue({ ...value.constant, dims: kept.map((axis) => value.constant.dims[axis]!) });
  return moved(
    value,
    (axes) => kept.map((axis) => axes[axis]!),
    (axis) => kept.indexOf(axis),
  );
}

/** Sizes of the axes; undefined for those that are not known, and for the axis of a stack. */
function sizesOf(value: Value): (number | undefined)[] {
  if (value.type === 'tensor') return value.axes.map(sizeOf);
  if (value.type === 'stack')
    return value.parts[0]!.axes.map((atoms, axis) => (axis === value.axis ? undefined : sizeOf(atoms)));
  throw new Unclear();
}

/** @param copiesZero whether 0 is replaced by the size of the same axis of the input */
export function reshape(value: Value, target: Value, copiesZero: boolean): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  const entries = entriesOf(target);
  if (value.type === 'sizes') {
    if (entries.length > 1) throw new Unclear();
    return { ...value, isScalar: entries.length === 0 };
  }
  if (value.type === 'constant') return constantValue(reshapedConstant(value.constant, numbersOf(target), copiesZero));
  if (value.type !== 'tensor') throw new Unclear();
  return { ...value, axes: regrouped(value.axes, entries, copiesZero) };
}

function reshapedConstant(constant: Constant, sizes: readonly number[], copiesZero: boolean): Constant {
  const copied = sizes.map((size, axis) => (size === 0 && copiesZero ? (constant.dims[axis] ?? 0) : size));
  const known = product(copied.filter((size) => size !== -1));
  const dims = copied.map((size) => (size === -1 ? constant.values.length / known : size));
  if (product(dims) !== constant.values.length || !dims.every((size) => Number.isInteger(size) && size >= 0))
    throw new Unclear();
  return { ...constant, dims };
}

/** Atoms in other groups: from the left up to the size that is left open, and from the right. */
function regrouped(axes: Axes, target: readonly Entry[], copiesZero: boolean): Axes {
  const atoms = axes.flat();
  const entries = target.map((entry, axis) => (entry === 0 && copiesZero ? (axes[axis] ?? []) : entry));
  const open = entries.indexOf(-1);
  if (open !== entries.lastIndexOf(-1)) throw new Unclear();
  const left = entries.slice(0, open < 0 ? entries.length : open).map((entry) => taken(atoms, entry, false));
  const right =
    open < 0
      ? []
      : entries
          .slice(open + 1)
          .reverse()
          .map((entry) => taken(atoms, entry, true));
  if (open < 0) {
    if (atoms.some(({ size }) => size !== 1)) throw new Unclear();
    return left;
  }
  return [...left, atoms, ...right.reverse()];
}

/** Removes the atoms of one axis from the beginning or the end of a list. */
function taken(atoms: Atom[], entry: Entry | readonly Atom[], fromEnd: boolean): readonly Atom[] {
  const next = () => (fromEnd ? atoms.at(-1) : atoms[0]);
  const found: Atom[] = [];
  const take = () => {
    const atom = fromEnd ? atoms.pop() : atoms.shift();
    if (atom && fromEnd) found.unshift(atom);
    else if (atom) found.push(atom);
  };
  if (isAtoms(entry)) {
    entry.forEach(take);
    if (!entry.every((atom, at) => atom === found[at])) throw new Unclear();
    return found;
  }
  if (typeof entry === 'number') {
    let size = 1;
    if (entry === 1 && next()?.size === 1) take();
    while (size < entry) {
      const atom = next();
      if (!atom) throw new Unclear();
      // A graph that was traced with a size works with this size only.
      size *= atom.size ?? entry;
      take();
    }
    if (size !== entry) throw new Unclear();
    return found;
  }
  if (entry.plus !== 0) throw new Unclear();
  const wanted = entry.factors.length;
  let unknown = 0;
  while (unknown < wanted || (sizeOf(found.filter(({ size }) => size !== undefined)) ?? 1) < entry.times) {
    const atom = next();
    if (!atom) throw new Unclear();
    if (atom.size === undefined) unknown++;
    take();
  }
  const factors = found.filter(({ size }) => size === undefined);
  if (
    !factors.every((atom, at) => atom === entry.factors[at]) ||
    sizeOf(found.filter(({ size }) => size !== undefined)) !== entry.times
  )
    throw new Unclear();
  return found;
}

function isAtoms(entry: Entry | readonly Atom[]): entry is readonly Atom[] {
  return Array.isArray(entry);
}

/** The shape of a value. */
export function shapeOf(value: Value, start: number, end: number): Value {
  if (value.type === 'constant') {
    const dims = value.constant.dims.slice(start, end);
    return constantValue({ dims: [dims.length], values: Float64Array.from(dims) });
  }
  const all = value.type === 'tensor' ? value.axes.map(entryOf) : value.type === 'filled' ? value.dims : undefined;
  if (!all) throw new Unclear();
  const entries = all.slice(start, end);
  const numbers = entries.filter((entry) => typeof entry === 'number');
  return numbers.length === entries.length
    ? constantValue({ dims: [numbers.length], values: Float64Array.from(numbers) })
    : { type: 'sizes', entries, isScalar: false };
}

/** One element of an axis. @param keeps whether the axis stays, with the size 1 */
function select(value: Value, axis: number, index: Entry, keeps: boolean): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  if (value.type === 'stack') return selectOfStack(value, axis, index, keeps);
  if (value.type !== 'tensor') throw new Unclear();
  // Rows of an input are states of layers, or single steps: what they are is seen where they are used.
  if (value.content.kind === 'input') return { type: 'part' };
  const atoms = value.axes[axis]!.filter(({ size }) => size !== 1);
  const axes = value.axes.flatMap((own, place) => (place !== axis ? [own] : keeps ? [[]] : []));
  const [only, ...more] = atoms;
  if (!only) {
    if (index !== 0 && index !== -1) throw new Unclear();
    return { ...value, axes };
  }
  if (more.length > 0) throw new Unclear();
  return { type: 'tensor', content: selected(value.content, only, index), axes };
}

function selectOfStack(value: Extract<Value, { type: 'stack' }>, axis: number, index: Entry, keeps: boolean): Value {
  if (axis !== value.axis) {
    const parts = value.parts.map((part) => select(part, axis, index, keeps));
    if (!parts.every((part) => part.type === 'tensor')) throw new Unclear();
    return { ...value, axis: value.axis - (axis < value.axis && !keeps ? 1 : 0), parts };
  }
  if (typeof index !== 'number') throw new Unclear();
  const sizes = value.parts.map(({ axes }) => sizeOf(axes[axis]!) ?? NaN);
  let place = index < 0 ? index + sizes.reduce((sum, size) => sum + size, 0) : index;
  for (const [at, part] of value.parts.entries()) {
    const size = sizes[at]!;
    if (place >= 0 && place < size) return select(part, axis, place, keeps);
    place -= size;
  }
  throw new Unclear();
}

/** What is left of a tensor if one element of what an atom counts is chosen. */
function selected(content: Content, atom: Atom, index: Entry): Content {
  if (content.kind === 'dense') return { ...content, from: selected(content.from, atom, index) };
  if (!('layer' in content)) throw new Unclear();
  const { time, directions } = content.layer;
  if (content.kind === 'hidden' && atom === time) return atEnd(content, endOf(atom, index));
  if (atom === directions) return withDirection(content, index);
  throw new Unclear();
}

function endOf(time: Atom, index: Entry): 'first' | 'last' {
  if (index === 0) return 'first';
  if (index === -1 || (typeof index === 'number' && index + 1 === time.size)) return 'last';
  if (typeof index !== 'number' && index.plus === -1 && index.times === 1 && sameAtoms(index.factors, [time]))
    return 'last';
  throw new Unclear();
}

/** Hidden states at an end of the input: after the last step, for the direction that ends there. */
function atEnd({ layer, direction }: Extract<Content, { kind: 'hidden' }>, at: 'first' | 'last'): Content {
  if (layer.directions && direction === undefined) return { kind: 'step', layer, at };
  const readsBackward = layer.directions ? direction === 1 : layer.isReverse;
  if (readsBackward !== (at === 'first')) throw new Unclear();
  return { kind: 'last', layer, ...(direction !== undefined && { direction }) };
}

function withDirection(
  content: Extract<Content, { kind: 'hidden' | 'last' | 'pooled' | 'step' }>,
  index: Entry,
): Content {
  if (typeof index !== 'number') throw new Unclear();
  const direction = index === 0 || index === -2 ? 0 : index === 1 || index === -1 ? 1 : undefined;
  if (direction === undefined) throw new Unclear();
  if (content.kind === 'step') return atEnd({ kind: 'hidden', layer: content.layer, direction }, content.at);
  if (content.direction !== undefined) throw new Unclear();
  return { ...content, direction };
}

/** Rows of a matrix for each index, or one element of an axis. */
export function gather(data: Value, indices: Value, axis: number): Value {
  if (data.type === 'constant' && indices.type === 'constant')
    return constantValue(gatheredConstant(data.constant, indices.constant, axisOf(axis, rankOf(data))));
  if (data.type === 'filled') return { type: 'filled', value: data.value };
  if (data.type === 'part') return data;
  if (data.type === 'sizes') {
    if (data.isScalar || indices.type !== 'constant') throw new Unclear();
    const entries = numbersOf(indices).map((index) => entryAt(data.entries, index));
    return { type: 'sizes', entries, isScalar: indices.constant.dims.length === 0 };
  }
  const [index, ...more] = entriesOf(indices);
  if (index === undefined || more.length > 0) throw new Unclear();
  return select(data, axisOf(axis, rankOf(data)), index, rankOf(indices) === 1);
}

function entryAt(entries: readonly Entry[], index: number): Entry {
  const entry = entries.at(index);
  if (entry === undefined || !Number.isInteger(index)) throw new Unclear();
  return entry;
}

/** A range of an axis. */
export interface Range {
  readonly axis: number;
  readonly start: Entry;
  readonly end: Entry;
  readonly step: number;
}

export function slice(value: Value, ranges: readonly Range[]): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  return ranges.reduce<Value>((result, range) => sliceAxis(result, range), value);
}

function sliceAxis(value: Value, { axis, start, end, step }: Range): Value {
  if (value.type === 'part') return value;
  if (value.type === 'constant' || value.type === 'sizes') {
    const size =
      value.type === 'sizes' ? value.entries.length : (value.constant.dims[axisOf(axis, rankOf(value))] ?? 0);
    if (typeof start !== 'number' || typeof end !== 'number') throw new Unclear();
    const bounds = boundsOf({ start, end, step }, size);
    if (value.type === 'constant')
      return constantValue(slicedConstant(value.constant, { axis: axisOf(axis, rankOf(value)), step, ...bounds }));
    const entries = Array.from({ length: bounds.length }, (_, at) => entryAt(value.entries, bounds.start + at * step));
    return { ...value, entries };
  }
  const own = axisOf(axis, rankOf(value));
  if (step !== 1) throw new Unclear();
  if (value.type === 'stack' && own === value.axis) return sliceOfStack(value, start, end);
  if (value.type !== 'tensor') throw new Unclear();
  const atoms = value.axes[own]!;
  const size = sizeOf(atoms);
  const reachesEnd = end === size || (typeof end === 'number' && end >= END) || isSize(end, atoms);
  if (start === 0 && reachesEnd) return value;
  if (value.content.kind === 'input') return { type: 'part' };
  if (size !== undefined && typeof start === 'number' && typeof end === 'number') {
    const bounds = boundsOf({ start, end, step }, size);
    if (bounds.length === size) return value;
    if (bounds.length === 1) return select(value, own, bounds.start, true);
    return halfOf(value, own, bounds);
  }
  // The last step, or the first one.
  if (start === 0 && end === 1) return select(value, own, 0, true);
  if (start === -1 && reachesEnd) return select(value, own, -1, true);
  if (typeof start !== 'number' && reachesEnd) return select(value, own, start, true);
  throw new Unclear();
}

function isSize(entry: Entry, atoms: readonly Atom[]): boolean {
  const own = entryOf(atoms);
  if (typeof entry === 'number' || typeof own === 'number') return entry === own;
  return entry.plus === 0 && entry.times === own.times && sameAtoms(entry.factors, own.factors);
}

function boundsOf(
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
  size: number,
): { readonly start: number; readonly length: number } {
  if (step === 0) throw new Unclear();
  const clamp = (value: number, low: number, high: number) =>
    Math.min(Math.max(value < 0 ? value + size : value, low), high);
  const [first, last] =
    step > 0 ? [clamp(start, 0, size), clamp(end, 0, size)] : [clamp(start, 0, size - 1), clamp(end, -1, size - 1)];
  return { start: first, length: Math.max(0, Math.ceil((last - first) / step)) };
}

/** The part of an axis of both directions that is one of them. */
function halfOf(
  value: TensorValue,
  axis: number,
  { start, length }: { readonly start: number; readonly length: number },
): Value {
  const { content } = value;
  if (!('layer' in content)) throw new Unclear();
  const { directions, units } = content.layer;
  if (
    !directions ||
    length !== units.size ||
    start % length !== 0 ||
    !sameAtoms(value.axes[axis]!, unitsOf(content.layer))
  )
    throw new Unclear();
  return {
    type: 'tensor',
    content: withDirection(content, start / length),
    axes: value.axes.map((atoms, place) => (place === axis ? [units] : atoms)),
  };
}

function sliceOfStack(value: Extract<Value, { type: 'stack' }>, start: Entry, end: Entry): Value {
  if (typeof start !== 'number' || typeof end !== 'number') throw new Unclear();
  const sizes = value.parts.map(({ axes }) => sizeOf(axes[value.axis]!) ?? NaN);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const bounds = boundsOf({ start, end, step: 1 }, total);
  let place = 0;
  const parts = value.parts.flatMap((part, at) => {
    const from = Math.max(0, bounds.start - place);
    const to = Math.min(sizes[at]!, bounds.start + bounds.length - place);
    place += sizes[at]!;
    if (!(to > from)) return [];
    const piece = sliceAxis(part, { axis: value.axis, start: from, end: to, step: 1 });
    if (piece.type !== 'tensor') throw new Unclear();
    return [piece];
  });
  return joinedTensors(parts, value.axis);
}

/** Parts of equal or given sizes along an axis. */
export function split(value: Value, axis: number, sizes: readonly number[] | undefined, count: number): Value[] {
  if (value.type === 'filled') return Array.from({ length: count }, () => ({ type: 'filled', value: value.value }));
  if (value.type === 'part') return Array.from({ length: count }, () => value);
  const own = axisOf(axis, rankOf(value));
  const total =
    value.type === 'constant'
      ? value.constant.dims[own]
      : value.type === 'tensor'
        ? sizeOf(value.axes[own]!)
        : value.type === 'sizes'
          ? value.entries.length
          : undefined;
  if (total === undefined) throw new Unclear();
  const even = Math.ceil(total / count);
  const lengths = sizes ?? Array.from({ length: count }, (_, at) => Math.min(even, total - at * even));
  if (lengths.length !== count) throw new Unclear();
  let start = 0;
  return lengths.map((length) => {
    const part = sliceAxis(value, { axis: own, start, end: start + length, step: 1 });
    start += length;
    return part;
  });
}

export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (!first) throw new Unclear();
  if (values.length === 1) return first;
  if (values.some(({ type }) => type === 'part')) return { type: 'part' };
  const constants = values.flatMap((value) => (value.type === 'constant' ? [value.constant] : []));
  if (constants.length === values.length) return constantValue(joinedConstants(constants, axisOf(axis, rankOf(first))));
  if (values.every((value) => value.type === 'constant' || value.type === 'sizes')) {
    const entries = values.flatMap((value) => {
      if (rankOf(value) !== 1) throw new Unclear();
      return entriesOf(value);
    });
    return { type: 'sizes', entries, isScalar: false };
  }
  const filled = values.map((value) =>
    value.type === 'filled' ? value.value : value.type === 'constant' ? uniform(value.constant) : undefined,
  );
  if (filled[0] !== undefined && filled.every((value) => value === filled[0]))
    return { type: 'filled', value: filled[0] };
  const parts = values.flatMap((value) => {
    if (value.type === 'stack' && value.axis === axisOf(axis, rankOf(value))) return value.parts;
    if (value.type !== 'tensor') throw new Unclear();
    return [value];
  });
  return joinedTensors(parts, axisOf(axis, rankOf(first)));
}

function joinedTensors(parts: readonly TensorValue[], axis: number): Value {
  const [first, second, ...more] = parts;
  if (!first) throw new Unclear();
  if (!second) return first;
  if (more.length === 0) {
    const both = ofBothDirections(first, second, axis);
    if (both) return both;
  }
  const fits = parts.every(
    ({ axes }) =>
      axes.length === first.axes.length && axes.every((atoms, at) => at === axis || sameSize(atoms, first.axes[at]!)),
  );
  if (!fits) throw new Unclear();
  return { type: 'stack', parts, axis };
}

/** Whether two axes have the same size, such as those of the units of two layers. */
function sameSize(left: readonly Atom[], right: readonly Atom[]): boolean {
  return sameAtoms(left, right) || (sizeOf(left) !== undefined && sizeOf(left) === sizeOf(right));
}

/** The states of both directions, of those of each. */
function ofBothDirections(first: TensorValue, second: TensorValue, axis: number): TensorValue | undefined {
  const [left, right] = [first.content, second.content];
  if (
    !('layer' in left) ||
    !('layer' in right) ||
    left.kind !== right.kind ||
    left.kind === 'step' ||
    right.kind === 'step'
  )
    return undefined;
  if (left.kind === 'pooled' && right.kind === 'pooled' && left.pooling !== right.pooling) return undefined;
  const isPair = left.layer === right.layer && left.direction === 0 && right.direction === 1;
  const layer = isPair ? left.layer : pairOf(left.layer, right.layer);
  if (!layer?.directions) return undefined;
  const [a, b] = [first.axes[axis]!, second.axes[axis]!];
  const units = (own: Layer) => (atoms: readonly Atom[]) =>
    atoms.map((atom) => (atom === own.units ? layer.units : atom));
  const [axesA, axesB] = [first.axes.map(units(left.layer)), second.axes.map(units(right.layer))];
  const fits =
    axesA.length === axesB.length && axesA.every((atoms, at) => sameAtoms(atoms, axesB[at]!)) && a.length === b.length;
  const isAlongUnits = sameAtoms(axesA[axis] ?? [], [layer.units]);
  if (!fits || !(isAlongUnits || sizeOf(a) === 1)) return undefined;
  return {
    type: 'tensor',
    content: { ...left, layer, direction: undefined },
    axes: axesA.map((atoms, at) => (at === axis ? [layer.directions!, ...(isAlongUnits ? atoms : [])] : atoms)),
  };
}

const pairs = new WeakMap<Layer, Layer>();

/** Two nodes that read the same, one of them backward, as one layer. */
function pairOf(forward: Layer, backward: Layer): Layer | undefined {
  if (forward.directions || backward.directions || forward.isReverse || !backward.isReverse) return undefined;
  const fits =
    forward.cell === backward.cell &&
    forward.units.size === backward.units.size &&
    forward.time === backward.time &&
    forward.activation === backward.activation &&
    forward.resetAfter === backward.resetAfter &&
    forward.input === backward.input &&
    !forward.weights.B === !backward.weights.B;
  if (!fits) return undefined;
  const known = pairs.get(backward);
  if (known?.node.startsWith(forward.node)) return known;
  const join = (a: Constant, b: Constant) => joinedConstants([a, b], 0);
  const { weights: first } = forward;
  const { weights: second } = backward;
  const layer: Layer = {
    ...forward,
    node: `${forward.node}, ${backward.node}`,
    directions: { size: 2 },
    weights: {
      W: join(first.W, second.W),
      R: join(first.R, second.R),
      B: first.B && second.B && join(first.B, second.B),
    },
  };
  pairs.set(backward, layer);
  return layer;
}

/** A value in a larger shape, if it stays as it is. */
export function expand(value: Value, target: Value): Value {
  if (value.type === 'filled') return { type: 'filled', value: value.value };
  if (value.type === 'part') return value;
  if (value.type === 'constant') {
    const same = uniform(value.constant);
    if (same === undefined) throw new Unfoldable();
    return { type: 'filled', value: same, ...(value.constant.values.length === 1 && { dims: entriesOf(target) }) };
  }
  const entries = entriesOf(target);
  if (value.type !== 'tensor' || entries.length !== value.axes.length) throw new Unclear();
  if (!entries.every((entry, axis) => entry === 1 || isSize(entry, value.axes[axis]!))) throw new Unclear();
  return value;
}
