import { asParts, type Parts } from '../parts.ts';
import type { Tensor } from '@tensorflow/tfjs';
import type { Handle, NativeBackend, NativeBinding, OpAttribute, OpOutput } from './binding.ts';

/** Number of the data type float64 in TensorFlow; TensorFlow.js does not have it. */
const DOUBLE = 2;

type Type = 'float' | 'int' | 'double';

/**
 * TensorFlow ops on handles. The ops of TensorFlow.js would compute the same, but each creates a tensor that the engine
 * tracks, which takes longer than the op itself for tensors as small as one step's.
 *
 * Handles are deleted at the end of the scope that created them, except those that the scope returns.
 */
export class NativeOps {
  readonly #backend: NativeBackend;
  readonly #binding: NativeBinding;
  readonly #types: Record<Type, number>;
  /** Axes and shapes, created once and kept as long as the backend. */
  readonly #constants = new Map<string, Handle>();
  #made: OpOutput[] = [];

  constructor(backend: NativeBackend) {
    this.#backend = backend;
    this.#binding = backend.binding;
    this.#types = { float: this.#binding.TF_FLOAT, int: this.#binding.TF_INT32, double: DOUBLE };
  }

  /** Runs a kernel and converts the handles that it returns, which it must have created, to tensors. */
  kernel(compute: () => readonly Handle[]): Tensor[] {
    const outer = this.#made;
    this.#made = [];
    try {
      const results = compute();
      return results.map((handle) => {
        const at = this.#made.findIndex(({ id }) => id === handle);
        if (at < 0) throw new Error('A kernel returns a handle that it did not create.');
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

  /** Runs part of a kernel. Its buffers can be reused by the next part while they are still in the CPU cache. */
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

  /** Handle of a tensor, which keeps ownership. */
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

  exp(x: Handle): Handle {
    return this.#run('Exp', [this.#type('T')], [x]);
  }

  /** e^x - 1 */
  expm1(x: Handle): Handle {
    return this.#run('Expm1', [this.#type('T')], [x]);
  }

  sign(x: Handle): Handle {
    return this.#run('Sign', [this.#type('T')], [x]);
  }

  negative(x: Handle): Handle {
    return this.#run('Neg', [this.#type('T')], [x]);
  }

  magnitude(x: Handle): Handle {
    return this.#run('Abs', [this.#type('T')], [x]);
  }

  maximum(a: Handle, b: Handle): Handle {
    return this.#run('Maximum', [this.#type('T')], [a, b]);
  }

  minimum(a: Handle, b: Handle): Handle {
    return this.#run('Minimum', [this.#type('T')], [a, b]);
  }

  isPositive(x: Handle): Handle {
    return this.#run('Greater', [this.#type('T')], [x, this.scalar(0)]);
  }

  /** dy where y > 0 and 0 elsewhere, where y is the value of a ReLU. */
  reluGrad(y: Handle, dy: Handle): Handle {
    return this.#run('ReluGrad', [this.#type('T')], [dy, y]);
  }

  /** The same values under a new handle. */
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

  /** Sums over an axis and removes it. */
  sum(x: Handle, axis: number): Handle {
    return this.#sum(x, [axis], 'float');
  }

  /** Mean of a vector as a scalar tensor. */
  mean(vector: Handle): Handle {
    return this.#run(
      'Mean',
      [this.#flag('keep_dims', false), this.#type('T'), this.#type('Tidx', 'int')],
      [vector, this.#integers(0)],
    );
  }

  concat(parts: readonly Handle[], axis: number): Handle {
    const [first] = parts;
    // TensorFlow needs at least two.
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

  /** Cross-entropy of each row with its target class, in nats. */
  crossEntropy(logits: Handle, targets: Handle): Handle {
    const [losses] = this.#runAll(
      'SparseSoftmaxCrossEntropyWithLogits',
      [this.#type('T'), this.#type('Tlabels', 'int')],
      [logits, targets],
      2,
    );
    return losses!;
  }

  /** Rows with `value` at the ids and zeros elsewhere. */
  oneHot(ids: Handle, classes: number, value: Handle): Handle {
    const inputs = [ids, this.#integers(classes), value, this.scalar(0)];
    return this.#run('OneHot', [this.#integer('axis', -1), this.#type('T'), this.#type('TI', 'int')], inputs);
  }

  /** Splits a matrix into equal parts along its last axis. */
  split<Count extends 2 | 3 | 4>(x: Handle, count: Count): Parts<Handle, Count> {
    const attributes = [this.#integer('num_split', count), this.#type('T')];
    return asParts(this.#runAll('Split', attributes, [this.#integers(1), x], count), count);
  }

  /** Stacks tensors of one shape along a new first axis. */
  pack(parts: readonly Handle[]): Handle {
    return this.#run('Pack', [this.#integer('N', parts.length), this.#type('T'), this.#integer('axis', 0)], parts);
  }

  /** Splits a tensor along its first axis and removes that axis. */
  unpack(x: Handle, count: number): Handle[] {
    return this.#runAll('Unpack', [this.#integer('num', count), this.#type('T'), this.#integer('axis', 0)], [x], count);
  }

  /** Gathers rows of a table. */
  gather(table: Handle, ids: Handle): Handle {
    const attributes = [
      this.#integer('batch_dims', 0),
      this.#type('Tparams'),
      this.#type('Tindices', 'int'),
      this.#type('Taxis', 'int'),
    ];
    return this.#run('GatherV2', attributes, [table, ids, this.#integers(0)]);
  }

  /** Gradient of `gather`: scatters and adds the rows of `updates` by `ids`. */
  scatterRows(updates: Handle, ids: Handle, rows: number): Handle {
    const attributes = [this.#type('T'), this.#type('Tindices', 'int'), this.#type('Tnumsegments', 'int')];
    return this.#run('UnsortedSegmentSum', attributes, [updates, ids, this.#integers(rows)]);
  }

  /** Elementwise comparison: integers greater than a number. */
  isGreater(integers: Handle, than: number): Handle {
    return this.#run('Greater', [this.#type('T', 'int')], [integers, this.#integers(than)]);
  }

  select(condition: Handle, then: Handle, otherwise: Handle): Handle {
    return this.#run('SelectV2', [this.#type('T')], [condition, then, otherwise]);
  }

  /** L2 norms over the last axis of `rank` axes, with squares and sums in float64. */
  rowNorms(x: Handle, rank: number): Handle {
    const squares = this.#run('Square', [this.#type('T', 'double')], [this.#cast(x, 'float', 'double')]);
    const norms = this.#run('Sqrt', [this.#type('T', 'double')], [this.#sum(squares, [rank - 1], 'double')]);
    return this.#cast(norms, 'double', 'float');
  }

  /** Sum of squares of each tensor in float64. */
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
      // The native module cannot return float64, but it can return the same bits as integers.
      const bits = this.#run('Bitcast', [this.#type('T', 'double'), this.#type('type', 'int')], [packed]);
      sums = new Float64Array(Int32Array.from(this.#binding.tensorDataSync(bits)).buffer);
      return [];
    });
    return sums;
  }

  /** Scalar that is deleted with the current scope. */
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

  /** Integer constant: a scalar for a number, a vector for an array. */
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
