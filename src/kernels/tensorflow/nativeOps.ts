import { asParts, type Parts } from '../parts.ts';
import type { Tensor } from '@tensorflow/tfjs';
import type { Handle, NativeBackend, NativeBinding, OpAttribute, OpOutput } from './binding.ts';

/** TensorFlow's number for float64, which TensorFlow.js does not have. */
const DOUBLE = 2;

type Type = 'float' | 'int' | 'double';

/** What the gradient of a step of an LSTM takes, all `[batch, units]` where it says nothing else. */
export interface LstmStep extends Record<'i' | 'f' | 'g' | 'o' | 'cBefore' | 'c' | 'tanhC' | 'dh' | 'dc', Handle> {
  readonly weights: Handle;
  /**
   * What TensorFlow's op wants besides, and does not use: inputs `[batch, 0]`, peepholes `[units]` and a bias `[4 *
   * units]`.
   */
  readonly nothing: Readonly<Record<'x' | 'peephole' | 'bias', Handle>>;
}

/**
 * Ops of TensorFlow on bare handles. Those of TensorFlow.js would do, but each makes a tensor that the engine counts,
 * tidies and finds by name, and for tensors as small as one step's that takes longer than the op.
 *
 * What is made is deleted at the end of the scope it was made in, but for what that scope returns.
 */
export class NativeOps {
  readonly #backend: NativeBackend;
  readonly #binding: NativeBinding;
  readonly #types: Record<Type, number>;
  /** Axes and shapes: made once, and alive as long as the backend. */
  readonly #constants = new Map<string, Handle>();
  #made: OpOutput[] = [];

  constructor(backend: NativeBackend) {
    this.#backend = backend;
    this.#binding = backend.binding;
    this.#types = { float: this.#binding.TF_FLOAT, int: this.#binding.TF_INT32, double: DOUBLE };
  }

  /** Runs a kernel: what it returns, which it must have made, become tensors. */
  kernel(compute: () => readonly Handle[]): Tensor[] {
    const outer = this.#made;
    this.#made = [];
    try {
      const results = compute();
      return results.map((handle) => {
        const at = this.#made.findIndex(({ id }) => id === handle);
        if (at < 0) throw new Error('A kernel gives out a handle that it did not make.');
        return this.#backend.createOutputTensor(this.#made.splice(at, 1)[0]!);
      });
    } finally {
      for (const { id } of this.#made) this.#binding.deleteTensor(id);
      this.#made = outer;
    }
  }

  /** Runs a kernel with one output. */
  kernelOfOne(compute: () => Handle): Tensor {
    return this.kernel(() => [compute()])[0]!;
  }

  /** A part of a kernel whose buffers are free for the next part, while they are still in the processor's cache. */
  scope<Results extends readonly Handle[]>(compute: () => Results): Results {
    const outer = this.#made;
    this.#made = [];
    let results: Results | undefined;
    try {
      results = compute();
      return results;
    } finally {
      for (const output of this.#made) {
        if (results?.includes(output.id) === true) outer.push(output);
        else this.#binding.deleteTensor(output.id);
      }
      this.#made = outer;
    }
  }

  /** The handle of a tensor, which goes on owning it. */
  of(tensor: Tensor): Handle {
    return this.#backend.getInputTensorIds([tensor])[0]!;
  }

  matMul(a: Handle, b: Handle, transposed?: 'a' | 'b'): Handle {
    return this.#run(
      'MatMul',
      [this.#type('T'), this.#flag('transpose_a', transposed === 'a'), this.#flag('transpose_b', transposed === 'b')],
      [a, b],
    );
  }

  add(a: Handle, b: Handle): Handle {
    return this.#run('AddV2', [this.#type('T')], [a, b]);
  }

  subtract(a: Handle, b: Handle): Handle {
    return this.#run('Sub', [this.#type('T')], [a, b]);
  }

  multiply(a: Handle, b: Handle): Handle {
    return this.#run('Mul', [this.#type('T')], [a, b]);
  }

  divide(a: Handle, b: Handle): Handle {
    return this.#run('RealDiv', [this.#type('T')], [a, b]);
  }

  sqrt(x: Handle): Handle {
    return this.#run('Sqrt', [this.#type('T')], [x]);
  }

  sigmoid(x: Handle): Handle {
    return this.#run('Sigmoid', [this.#type('T')], [x]);
  }

  tanh(x: Handle): Handle {
    return this.#run('Tanh', [this.#type('T')], [x]);
  }

  relu(x: Handle): Handle {
    return this.#run('Relu', [this.#type('T')], [x]);
  }

  /** y (1 - y) dy, for y the value of a sigmoid. */
  sigmoidGrad(y: Handle, dy: Handle): Handle {
    return this.#run('SigmoidGrad', [this.#type('T')], [y, dy]);
  }

  /** (1 - y^2) dy, for y the value of a tanh. */
  tanhGrad(y: Handle, dy: Handle): Handle {
    return this.#run('TanhGrad', [this.#type('T')], [y, dy]);
  }

  /** dy where y > 0, for y the value of a rectifier. */
  reluGrad(y: Handle, dy: Handle): Handle {
    return this.#run('ReluGrad', [this.#type('T')], [dy, y]);
  }

  /** The same values under a handle of its own. */
  identity(x: Handle): Handle {
    return this.#run('Identity', [this.#type('T')], [x]);
  }

  zerosLike(x: Handle): Handle {
    return this.#run('ZerosLike', [this.#type('T')], [x]);
  }

  /** Adds a vector to every row. */
  biasAdd(x: Handle, bias: Handle): Handle {
    return this.#run('BiasAdd', [this.#type('T')], [x, bias]);
  }

  zeros(shape: readonly number[]): Handle {
    return this.#run(
      'Fill',
      [this.#type('T'), this.#type('index_type', 'int')],
      [this.#integers(shape), this.scalar(0)],
    );
  }

  reshape(x: Handle, shape: readonly number[], type: Type = 'float'): Handle {
    return this.#run('Reshape', [this.#type('T', type), this.#type('Tshape', 'int')], [x, this.#integers(shape)]);
  }

  /** Sums over an axis, which goes. */
  sum(x: Handle, axis: number): Handle {
    return this.#sum(x, [axis], 'float');
  }

  /** The mean of a vector, as a number. */
  mean(vector: Handle): Handle {
    return this.#run(
      'Mean',
      [this.#flag('keep_dims', false), this.#type('T'), this.#type('Tidx', 'int')],
      [vector, this.#integers(0)],
    );
  }

  concat(parts: readonly Handle[], axis: number): Handle {
    const [first] = parts;
    // TensorFlow wants two at least.
    if (first !== undefined && parts.length === 1) return this.identity(first);
    const attributes = [this.#integer('N', parts.length), this.#type('T'), this.#type('Tidx', 'int')];
    return this.#run('ConcatV2', attributes, [...parts, this.#integers(axis)]);
  }

  transpose(matrix: Handle): Handle {
    return this.#run('Transpose', [this.#type('T'), this.#type('Tperm', 'int')], [matrix, this.#integers([1, 0])]);
  }

  softmax(logits: Handle): Handle {
    return this.#run('Softmax', [this.#type('T')], [logits]);
  }

  /** Of each row against the class that its target names, in nats. */
  crossEntropy(logits: Handle, targets: Handle): Handle {
    const [losses] = this.#runAll(
      'SparseSoftmaxCrossEntropyWithLogits',
      [this.#type('T'), this.#type('Tlabels', 'int')],
      [logits, targets],
      2,
    );
    return losses!;
  }

  /** Rows with a number where the ids point, and zeros elsewhere. */
  oneHot(ids: Handle, classes: number, value: Handle): Handle {
    const inputs = [ids, this.#integers(classes), value, this.scalar(0)];
    return this.#run('OneHot', [this.#integer('axis', -1), this.#type('T'), this.#type('TI', 'int')], inputs);
  }

  /** Equal parts along the last of two axes. */
  split<Count extends 2 | 3 | 4>(x: Handle, count: Count): Parts<Handle, Count> {
    const attributes = [this.#integer('num_split', count), this.#type('T')];
    return asParts(this.#runAll('Split', attributes, [this.#integers(1), x], count), count);
  }

  /** Tensors of one shape along a new first axis. */
  pack(parts: readonly Handle[]): Handle {
    return this.#run('Pack', [this.#integer('N', parts.length), this.#type('T'), this.#integer('axis', 0)], parts);
  }

  /** The parts along the first axis, which goes. */
  unpack(x: Handle, count: number): Handle[] {
    return this.#runAll('Unpack', [this.#integer('num', count), this.#type('T'), this.#integer('axis', 0)], [x], count);
  }

  /** Rows of a table. */
  gather(table: Handle, ids: Handle): Handle {
    const attributes = [
      this.#integer('batch_dims', 0),
      this.#type('Tparams'),
      this.#type('Tindices', 'int'),
      this.#type('Taxis', 'int'),
    ];
    return this.#run('GatherV2', attributes, [table, ids, this.#integers(0)]);
  }

  /** The gradient of a table that was gathered from: rows of `updates` added up where `ids` point. */
  scatterRows(updates: Handle, ids: Handle, rows: number): Handle {
    const attributes = [this.#type('T'), this.#type('Tindices', 'int'), this.#type('Tnumsegments', 'int')];
    return this.#run('UnsortedSegmentSum', attributes, [updates, ids, this.#integers(rows)]);
  }

  /** Whether integers are greater than a number. */
  isGreater(integers: Handle, than: number): Handle {
    return this.#run('Greater', [this.#type('T', 'int')], [integers, this.#integers(than)]);
  }

  /**
   * The gradient of one step of an LSTM, from its gates (input, forget, candidate, output), the cell states before and
   * after it and tanh of the latter.
   * @param weights `[units, 4 * units]` are looked at for their shape only
   * @returns dL/dc before the step by way of the cell, and dL/dz with its columns in the order input, candidate,
   *   forget, output
   */
  lstmStepGrad({ i, f, g, o, cBefore, c, tanhC, dh, dc, weights, nothing }: LstmStep): [dcBefore: Handle, dz: Handle] {
    const { x, peephole, bias } = nothing;
    const inputs = [x, cBefore, dh, weights, peephole, peephole, peephole, bias, i, c, f, o, g, tanhC, dc, dh];
    const [dcBefore, dz] = this.#runAll(
      'LSTMBlockCellGrad',
      [this.#flag('use_peephole', false), this.#type('T')],
      inputs,
      5,
    );
    return [dcBefore!, dz!];
  }

  select(condition: Handle, then: Handle, otherwise: Handle): Handle {
    return this.#run('SelectV2', [this.#type('T')], [condition, then, otherwise]);
  }

  /** L2 norms over the last axis of `rank` axes; squares are taken and added up in float64. */
  rowNorms(x: Handle, rank: number): Handle {
    const squares = this.#run('Square', [this.#type('T', 'double')], [this.#cast(x, 'float', 'double')]);
    const norms = this.#run('Sqrt', [this.#type('T', 'double')], [this.#sum(squares, [rank - 1], 'double')]);
    return this.#cast(norms, 'double', 'float');
  }

  /** The sum of squares of each tensor, taken in float64. */
  sumsOfSquares(tensors: readonly { readonly handle: Handle; readonly rank: number }[]): Float64Array {
    let sums = new Float64Array();
    this.scope(() => {
      const each = tensors.map(({ handle, rank }) => {
        const squares = this.#run('Square', [this.#type('T', 'double')], [this.#cast(handle, 'float', 'double')]);
        return this.#sum(
          squares,
          Array.from({ length: rank }, (_, axis) => axis),
          'double',
        );
      });
      const packed = this.#run(
        'Pack',
        [this.#integer('N', each.length), this.#type('T', 'double'), this.#integer('axis', 0)],
        each,
      );
      // The native module hands out no float64, but the same bits as integers.
      const bits = this.#run('Bitcast', [this.#type('T', 'double'), this.#type('type', 'int')], [packed]);
      sums = new Float64Array(Int32Array.from(this.#binding.tensorDataSync(bits)).buffer);
      return [];
    });
    return sums;
  }

  /** A number that no other call needs. */
  scalar(value: number): Handle {
    const handle = this.#binding.createTensor([], this.#binding.TF_FLOAT, Float32Array.of(value));
    this.#made.push({ id: handle, shape: [], dtype: this.#binding.TF_FLOAT });
    return handle;
  }

  #cast(x: Handle, from: Type, to: Type): Handle {
    return this.#run('Cast', [this.#type('SrcT', from), this.#type('DstT', to), this.#flag('Truncate', false)], [x]);
  }

  #sum(x: Handle, axes: readonly number[], type: Type): Handle {
    return this.#run(
      'Sum',
      [this.#flag('keep_dims', false), this.#type('T', type), this.#type('Tidx', 'int')],
      [x, this.#integers(axes)],
    );
  }

  #run(name: string, attributes: readonly OpAttribute[], inputs: readonly Handle[]): Handle {
    return this.#runAll(name, attributes, inputs, 1)[0]!;
  }

  #runAll(name: string, attributes: readonly OpAttribute[], inputs: readonly Handle[], count: number): Handle[] {
    const outputs = this.#binding.executeOp(name, attributes, inputs, count);
    this.#made.push(...outputs);
    return outputs.map(({ id }) => id);
  }

  /** A constant of integers: one for a number, a vector of them for an array. */
  #integers(values: number | readonly number[]): Handle {
    const key = typeof values === 'number' ? String(values) : `[${values.join()}]`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const shape = typeof values === 'number' ? [] : [values.length];
    const numbers = typeof values === 'number' ? Int32Array.of(values) : Int32Array.from(values);
    const handle = this.#binding.createTensor(shape, this.#binding.TF_INT32, numbers);
    this.#constants.set(key, handle);
    return handle;
  }

  #type(name: string, type: Type = 'float'): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_TYPE, value: this.#types[type] };
  }

  #integer(name: string, value: number): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_INT, value };
  }

  #flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_BOOL, value };
  }
}
