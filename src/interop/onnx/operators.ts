import { phrase } from '../../phrases/phrase.ts';
import { combined, type Constant, multiplied, product, scalar, transposedConstant, uniform } from './constants.ts';
import type { NodeCall } from './nodeCall.ts';
import { recurrentNode } from './recurrentNodes.ts';
import * as shaping from './shaping.ts';
import {
  type Content,
  type DenseContent,
  type Entry,
  isWhole,
  sameAtoms,
  sizeOf,
  type TensorValue,
  Unclear,
  type Value,
} from './values.ts';

type Operator = (call: NodeCall) => readonly Value[];

const FLOAT_TYPES: ReadonlySet<number> = new Set([1, 10, 11, 16]);
const INTEGER_TYPES: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 12, 13]);
const BOOL = 9;
/** Numbers of a constant that is made of a shape; larger ones stay a number and a shape. */
const MOST_FILLED = 1024;
const MOST_RANGE = 10_000_000;
/** First version in which a softmax has one axis. */
const ONE_AXIS = 13;

const constantValue = (constant: Constant): Value => ({ type: 'constant', constant });
const same: Operator = (call) => [call.input(0)];

function shapeAt(call: NodeCall): readonly Value[] {
  const end = call.node.attributes.get('end')?.int;
  return [shaping.shapeOf(call.input(0), call.int('start', 0), end ?? Infinity)];
}

function constantNode(call: NodeCall): readonly Value[] {
  const { attributes } = call.node;
  const tensor = call.attributeTensor('value');
  if (tensor) return [constantValue(tensor)];
  const [ints, floats] = [attributes.get('value_ints'), attributes.get('value_floats')];
  if (ints) return [constantValue({ dims: [ints.ints.length], values: Float64Array.from(ints.ints) })];
  if (floats) return [constantValue({ dims: [floats.floats.length], values: Float32Array.from(floats.floats) })];
  const [int, float] = [attributes.get('value_int'), attributes.get('value_float')];
  if (int) return [constantValue(scalar(int.int ?? 0))];
  if (float) return [constantValue({ dims: [], values: Float32Array.of(float.float ?? 0) })];
  throw new Unclear();
}

function constantOfShape(call: NodeCall): readonly Value[] {
  const value = call.attributeTensor('value') ?? { dims: [1], values: Float32Array.of(0) };
  const [element = 0] = value.values;
  const shape = call.input(0);
  if (shape.type === 'constant') {
    const dims = shaping.numbersOf(shape);
    if (dims.every((size) => size >= 0) && product(dims) <= MOST_FILLED) {
      const length = product(dims);
      const values = value.values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
      return [constantValue({ dims, values: values.fill(element) })];
    }
  }
  return [{ type: 'filled', value: element, dims: shaping.entriesOf(shape) }];
}

function range(call: NodeCall): readonly Value[] {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((place) => call.constant(place).values[0]);
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(length <= MOST_RANGE)) throw new Unclear();
  return [constantValue({ dims: [length], values: Float64Array.from({ length }, (_, at) => start + at * delta) })];
}

function cast(call: NodeCall): readonly Value[] {
  const [value, type] = [call.input(0), call.int('to', 1)];
  if (value.type === 'constant') {
    const { dims, values } = value.constant;
    if (FLOAT_TYPES.has(type)) return [constantValue({ dims, values: Float32Array.from(values) })];
    if (!INTEGER_TYPES.has(type) && type !== BOOL) throw new Unclear();
    const convert = type === BOOL ? (x: number) => (x === 0 ? 0 : 1) : Math.trunc;
    return [constantValue({ dims, values: Float64Array.from(values, convert) })];
  }
  if (FLOAT_TYPES.has(type)) return [value];
  const isWholeNumbers = value.type !== 'tensor' || value.content.kind === 'input' || value.content.kind === 'one-hot';
  if (!INTEGER_TYPES.has(type) || !isWholeNumbers || value.type === 'stack') throw new Unclear();
  return [value];
}

function gather(call: NodeCall): readonly Value[] {
  const [data, indices, axis] = [call.input(0), call.input(1), call.int('axis', 0)];
  if (data.type !== 'constant' || indices.type !== 'tensor') return [shaping.gather(data, indices, axis)];
  const { content, axes } = indices;
  const [, columns] = data.constant.dims;
  if (
    content.kind !== 'input' ||
    data.constant.dims.length !== 2 ||
    axis !== 0 ||
    !(data.constant.values instanceof Float32Array)
  )
    throw new Unclear();
  const width = { size: columns };
  const embedded: Content = { kind: 'embedded', ids: content, table: data.constant, width, node: call.node.name };
  return [{ type: 'tensor', content: embedded, axes: [...axes, [width]] }];
}

function oneHot(call: NodeCall): readonly Value[] {
  const { content, axes } = call.tensor(0);
  const [size] = call.constant(1).values;
  if (content.kind !== 'input' || call.constant(2).values.join() !== '0,1' || !(size! > 0)) throw new Unclear();
  const depth = { size };
  const axis = shaping.axisOf(call.int('axis', -1), axes.length + 1);
  return [
    { type: 'tensor', content: { kind: 'one-hot', ids: content, depth }, axes: axes.toSpliced(axis, 0, [depth]) },
  ];
}

/** Ids compared with all numbers from 0 are one-hot vectors. */
function equal(call: NodeCall): readonly Value[] {
  const [left, right] = [call.input(0), call.input(1)];
  if (left.type === 'tensor' || right.type === 'tensor') {
    const [ids, numbers] = left.type === 'tensor' ? [left, right] : [right as TensorValue, left];
    if (ids.content.kind !== 'input' || numbers.type !== 'constant' || ids.axes.at(-1)?.length !== 0)
      throw new Unclear();
    const { dims, values } = numbers.constant;
    if (dims.at(-1) !== values.length || !values.every((value, at) => value === at)) throw new Unclear();
    const depth = { size: values.length };
    return [
      {
        type: 'tensor',
        content: { kind: 'one-hot', ids: ids.content, depth },
        axes: [...ids.axes.slice(0, -1), [depth]],
      },
    ];
  }
  return [elementwise(call, (a, b) => Number(a === b), differs)];
}

/** A size that is not known is no negative number and not 0. */
function differs(a: Entry, b: Entry): Entry {
  const known = typeof a === 'number' ? a : typeof b === 'number' ? b : undefined;
  if (known === undefined || known > 0) throw new Unclear();
  return 0;
}

function where(call: NodeCall): readonly Value[] {
  const [condition, yes, no] = [call.input(0), call.input(1), call.input(2)];
  const chosen = shaping.numbersOf(condition);
  const [first, second] = [shaping.entriesOf(yes), shaping.entriesOf(no)];
  const length = Math.max(chosen.length, first.length, second.length);
  const at = <Each>(list: readonly Each[], place: number) => (list.length === 1 ? list[0]! : list[place]!);
  if ([chosen, first, second].some((list) => list.length !== 1 && list.length !== length)) throw new Unclear();
  const entries = Array.from({ length }, (_, place) =>
    at(chosen, place) !== 0 ? at(first, place) : at(second, place),
  );
  return [
    listOf(
      entries,
      [condition, yes, no].every((value) => shaping.rankOf(value) === 0),
    ),
  ];
}

/** A list of sizes; a constant if all are known. */
function listOf(entries: readonly Entry[], isScalar: boolean): Value {
  const numbers = entries.filter((entry) => typeof entry === 'number');
  if (numbers.length < entries.length) return { type: 'sizes', entries, isScalar };
  return constantValue({ dims: isScalar ? [] : [entries.length], values: Float64Array.from(numbers) });
}

/** Constants element by element, and lists of sizes. */
function elementwise(
  call: NodeCall,
  operation: (a: number, b: number) => number,
  symbolic: (a: Entry, b: Entry) => Entry,
): Value {
  const [left, right] = [call.input(0), call.input(1)];
  if (left.type === 'constant' && right.type === 'constant')
    return constantValue(combined(left.constant, right.constant, operation));
  if (left.type !== 'sizes' && right.type !== 'sizes') throw new Unclear();
  const [a, b] = [shaping.entriesOf(left), shaping.entriesOf(right)];
  const length = Math.max(a.length, b.length);
  if ([a, b].some((list) => list.length !== 1 && list.length !== length)) throw new Unclear();
  const entries = Array.from({ length }, (_, place) => {
    const [x, y] = [a.length === 1 ? a[0]! : a[place]!, b.length === 1 ? b[0]! : b[place]!];
    return typeof x === 'number' && typeof y === 'number' ? operation(x, y) : symbolic(x, y);
  });
  return listOf(entries, shaping.rankOf(left) === 0 && shaping.rankOf(right) === 0);
}

function unknownSize(): Entry {
  throw new Unclear();
}

function addedSizes(a: Entry, b: Entry): Entry {
  if (typeof a === 'number') return typeof b === 'number' ? a + b : { ...b, plus: b.plus + a };
  if (typeof b !== 'number') throw new Unclear();
  return { ...a, plus: a.plus + b };
}

function multipliedSizes(a: Entry, b: Entry): Entry {
  const parts = [a, b].map((entry) => (typeof entry === 'number' ? { factors: [], times: entry, plus: 0 } : entry));
  const [first, second] = parts;
  if (first!.plus !== 0 || second!.plus !== 0) throw new Unclear();
  return { factors: [...first!.factors, ...second!.factors], times: first!.times * second!.times, plus: 0 };
}

/** A tensor of the output layer, before a softmax or a sigmoid. */
function denseOf(value: Value): (TensorValue & { readonly content: DenseContent }) | undefined {
  if (value.type !== 'tensor' || value.content.kind !== 'dense' || value.content.end !== 'none') return undefined;
  return isWhole(value.content, value.axes.at(-1) ?? []) ? { ...value, content: value.content } : undefined;
}

/** Numbers for the outputs of a layer, of a constant that is the same for all steps. */
function forOutputs(value: Value, outputs: number): Float32Array | undefined {
  if (value.type === 'filled') return new Float32Array(outputs).fill(value.value);
  if (value.type !== 'constant') return undefined;
  const { dims, values } = value.constant;
  if (values.length === 1) return new Float32Array(outputs).fill(values[0] ?? 0);
  return values.length === outputs && dims.at(-1) === outputs ? Float32Array.from(values) : undefined;
}

function withBias(content: DenseContent, added: Float32Array): DenseContent {
  const { bias } = content;
  return { ...content, bias: bias ? bias.map((value, at) => value + added[at]!) : added };
}

/** The output layer with every output times a factor. */
function scaled(content: DenseContent, factors: Float32Array): DenseContent {
  const { kernel, bias } = content;
  const columns = kernel.dims[1]!;
  return {
    ...content,
    kernel: { ...kernel, values: Float32Array.from(kernel.values, (value, at) => value * factors[at % columns]!) },
    bias: bias?.map((value, at) => value * factors[at]!),
  };
}

function onDense(
  call: NodeCall,
  change: (content: DenseContent, numbers: Float32Array) => DenseContent,
  isOrdered: boolean,
): Value | undefined {
  for (const [own, other] of isOrdered
    ? [[0, 1]]
    : [
        [0, 1],
        [1, 0],
      ]) {
    const dense = denseOf(call.input(own!));
    const numbers = dense && forOutputs(call.input(other!), dense.content.kernel.dims[1]!);
    if (dense && numbers) return { ...dense, content: change(dense.content, numbers) };
  }
  return undefined;
}

const add: Operator = (call) => [onDense(call, withBias, false) ?? elementwise(call, (a, b) => a + b, addedSizes)];
const subtract: Operator = (call) => [
  onDense(
    call,
    (content, numbers) =>
      withBias(
        content,
        numbers.map((value) => -value),
      ),
    true,
  ) ??
    elementwise(
      call,
      (a, b) => a - b,
      (a, b) => addedSizes(a, multipliedSizes(b, -1)),
    ),
];
const multiply: Operator = (call) => [
  onDense(call, scaled, false) ?? elementwise(call, (a, b) => a * b, multipliedSizes),
];

function divide(call: NodeCall): readonly Value[] {
  const [left, right] = [call.input(0), call.input(1)];
  if (left.type === 'tensor' && left.content.kind === 'pooled' && left.content.pooling === 'sum') {
    const { time } = left.content.layer;
    const [entry] = shaping.entriesOf(right);
    const isTime =
      typeof entry === 'number'
        ? entry === time.size
        : entry?.plus === 0 && entry.times === 1 && sameAtoms(entry.factors, [time]);
    if (!isTime) throw new Unclear();
    return [{ ...left, content: { ...left.content, pooling: 'mean' } }];
  }
  const isWholeNumbers = [left, right].every(
    (value) => value.type !== 'constant' || value.constant.values instanceof Float64Array,
  );
  const quotient = (a: number, b: number) => (isWholeNumbers ? Math.trunc(a / b) : a / b);
  return [
    onDense(
      call,
      (content, numbers) =>
        scaled(
          content,
          numbers.map((value) => 1 / value),
        ),
      true,
    ) ?? elementwise(call, quotient, unknownSize),
  ];
}

function dense(
  call: NodeCall,
  { value, kernel }: { readonly value: TensorValue; readonly kernel: Constant },
): TensorValue {
  const [inputs, columns] = kernel.dims;
  const axis = value.axes.at(-1) ?? [];
  const { content } = value;
  const { name, operator } = call.node;
  if (content.kind === 'dense')
    throw new Unclear(phrase('the node "{0}" ({1}) is a second layer after the recurrent ones', name, operator));
  if (!('layer' in content))
    throw new Unclear(phrase('the node "{0}" ({1}) is a layer before the recurrent ones', name, operator));
  if (content.kind === 'step')
    throw new Unclear(
      phrase('the node "{0}" ({1}) reads the same step of both directions, not the last one of each', name, operator),
    );
  if (('direction' in content && content.direction !== undefined) || !isWhole(content, axis))
    throw new Unclear(
      phrase('the node "{0}" ({1}) reads other numbers than all hidden units in their order', name, operator),
    );
  if (kernel.dims.length !== 2 || inputs !== sizeOf(axis) || !columns) throw new Unclear();
  const outputs = { size: columns };
  return {
    type: 'tensor',
    content: { kind: 'dense', from: content, kernel, bias: undefined, outputs, end: 'none', node: name },
    axes: [...value.axes.slice(0, -1), [outputs]],
  };
}

function matMul(call: NodeCall): readonly Value[] {
  const [left, right] = [call.input(0), call.input(1)];
  if (left.type === 'constant' && right.type === 'constant')
    return [constantValue(multiplied(left.constant, right.constant, call.budget))];
  return [dense(call, { value: call.tensor(0), kernel: call.constant(1) })];
}

function gemm(call: NodeCall): readonly Value[] {
  const value = call.tensor(0);
  if (value.axes.length !== 2 || call.int('transA', 0) !== 0) throw new Unclear();
  const given = call.constant(1);
  const [alpha, beta] = [call.float('alpha', 1), call.float('beta', 1)];
  const turned = call.int('transB', 0) === 1 ? transposedConstant(given, [1, 0]) : given;
  const kernel = alpha === 1 ? turned : { ...turned, values: turned.values.map((weight) => weight * alpha) };
  const result = dense(call, { value, kernel });
  const bias = call.optional(2);
  if (!bias) return [result];
  const numbers = forOutputs(bias, kernel.dims[1]!);
  if (!numbers || result.content.kind !== 'dense') throw new Unclear();
  return [
    {
      ...result,
      content: withBias(
        result.content,
        numbers.map((number) => number * beta),
      ),
    },
  ];
}

/** Ends of the output layer; what follows reads probabilities. */
function ending(end: DenseContent['end']): Operator {
  return (call) => {
    const value = denseOf(call.input(0));
    if (!value) throw new Unclear();
    if (end !== 'sigmoid') {
      const rank = value.axes.length;
      const axis = shaping.axisOf(call.int('axis', call.opset < ONE_AXIS ? 1 : -1), rank);
      if (axis !== rank - 1) throw new Unclear();
    }
    return [{ ...value, content: { ...value.content, end } }];
  };
}

function logarithm(call: NodeCall): readonly Value[] {
  const value = call.tensor(0);
  if (value.content.kind !== 'dense' || value.content.end !== 'softmax') throw new Unclear();
  return [{ ...value, content: { ...value.content, end: 'log-softmax' } }];
}

/** Reduces the steps. */
function pooled(pooling: 'mean' | 'max' | 'sum'): Operator {
  return (call) => {
    const value = call.input(0);
    if (value.type === 'constant') throw new Unclear();
    const { content, axes } = call.tensor(0);
    const given = call.integers('axes', 1);
    if (content.kind !== 'hidden' || given?.length !== 1) throw new Unclear();
    return [
      pooledAlong(
        { content, axes },
        { axis: shaping.axisOf(given[0]!, axes.length), pooling, keeps: call.int('keepdims', 1) === 1 },
      ),
    ];
  };
}

function pooledAlong(
  { content, axes }: Pick<TensorValue, 'axes'> & { readonly content: Extract<Content, { kind: 'hidden' }> },
  {
    axis,
    pooling,
    keeps,
  }: { readonly axis: number; readonly pooling: 'mean' | 'max' | 'sum'; readonly keeps: boolean },
): TensorValue {
  const { layer, direction } = content;
  if (!sameAtoms(axes[axis]!, [layer.time])) throw new Unclear();
  return {
    type: 'tensor',
    content: { kind: 'pooled', layer, pooling, ...(direction !== undefined && { direction }) },
    axes: axes.flatMap((atoms, place) => (place !== axis ? [atoms] : keeps ? [[]] : [])),
  };
}

/** Pools all axes from the third: `[batch, units, time]`. */
function globallyPooled(pooling: 'mean' | 'max'): Operator {
  return (call) => {
    const { content, axes } = call.tensor(0);
    if (content.kind !== 'hidden' || axes.length !== 3) throw new Unclear();
    return [pooledAlong({ content, axes }, { axis: 2, pooling, keeps: true })];
  };
}

function sliceNode(call: NodeCall): readonly Value[] {
  const value = call.input(0);
  const list = (name: string, place: number): readonly Entry[] | undefined => {
    const attribute = call.node.attributes.get(name);
    if (attribute) return attribute.ints;
    const given = call.optional(place);
    return given && shaping.entriesOf(given);
  };
  const [starts = [], ends = []] = [list('starts', 1), list('ends', 2)];
  const axes = call.integers('axes', 3) ?? starts.map((_, axis) => axis);
  const steps = call.optional(4) ? shaping.numbersOf(call.input(4)) : axes.map(() => 1);
  if ([ends, axes, steps].some((each) => each.length !== starts.length)) throw new Unclear();
  return [
    shaping.slice(
      value,
      starts.map((start, at) => ({ axis: axes[at]!, start, end: ends[at]!, step: steps[at]! })),
    ),
  ];
}

function splitNode(call: NodeCall): readonly Value[] {
  const sizes = call.integers('split', 1);
  return shaping.split(call.input(0), call.int('axis', 0), sizes, call.node.outputs.length);
}

function flatten(call: NodeCall): readonly Value[] {
  const { content, axes } = call.tensor(0);
  const axis = call.int('axis', 1);
  const own = axis < 0 ? axis + axes.length : axis;
  return [{ type: 'tensor', content, axes: [axes.slice(0, own).flat(), axes.slice(own).flat()] }];
}

/** Operators that the import understands, by their names. A new one is an entry. */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...(['LSTM', 'GRU', 'RNN'] as const).map((name): [string, Operator] => [name, recurrentNode]),
  ['Identity', same],
  ['CastLike', same],
  [
    'Dropout',
    (call) => {
      const training = call.optional(2);
      if (training && !(training.type === 'constant' && uniform(training.constant) === 0)) throw new Unclear();
      return [call.input(0)];
    },
  ],
  ['Cast', cast],
  ['Constant', constantNode],
  ['ConstantOfShape', constantOfShape],
  ['Range', range],
  ['Shape', shapeAt],
  ['Gather', gather],
  ['OneHot', oneHot],
  ['Equal', equal],
  ['Where', where],
  ['Add', add],
  ['Sub', subtract],
  ['Mul', multiply],
  ['Div', divide],
  ['MatMul', matMul],
  ['Gemm', gemm],
  ['Softmax', ending('softmax')],
  ['LogSoftmax', ending('log-softmax')],
  ['Sigmoid', ending('sigmoid')],
  ['Log', logarithm],
  ['ReduceMean', pooled('mean')],
  ['ReduceMax', pooled('max')],
  ['ReduceSum', pooled('sum')],
  ['GlobalAveragePool', globallyPooled('mean')],
  ['GlobalMaxPool', globallyPooled('max')],
  ['Transpose', (call) => [shaping.transpose(call.input(0), call.node.attributes.get('perm')?.ints)]],
  ['Squeeze', (call) => [shaping.squeeze(call.input(0), call.integers('axes', 1))]],
  ['Unsqueeze', (call) => [shaping.unsqueeze(call.input(0), call.integers('axes', 1) ?? [])]],
  ['Reshape', (call) => [shaping.reshape(call.input(0), call.input(1), call.int('allowzero', 0) === 0)]],
  ['Flatten', flatten],
  ['Expand', (call) => [shaping.expand(call.input(0), call.input(1))]],
  ['Slice', sliceNode],
  ['Split', splitNode],
  ['Concat', (call) => [shaping.concat(call.inputs, call.int('axis', 0))]],
]);
