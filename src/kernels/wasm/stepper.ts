import * as tf from '@tensorflow/tfjs';
import type { SteppedCell, SteppedLayer, SteppedNetwork, SteppedStates, Stepper } from '../stepper.ts';
import { GRU, LSTM, RNN } from './cells.ts';
import { Job, rnnActivations } from './layout.ts';
import type { KernelMemory } from './memory.ts';
import { type Cell, threadsFor } from './sequence.ts';

/** Bytes of a number. */
const NUMBER = 4;

/** Memory of a layer in a step of some rows. */
interface Step {
  readonly rows: number;
  readonly units: number;
  /** Addresses of the states before and after the step. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Address of what the cell's kernel writes for its gradient, which a step does not need. */
  readonly unused: number;
}

interface SteppedKernel<Kind extends SteppedCell> {
  readonly cell: Cell;
  /** Numbers per unit that the kernel writes for its gradient. */
  readonly unused: number;
  /** Arguments specific to the cell, as in `cells.ts`. */
  arguments(step: Step, kind: Kind): number[];
}

const kernels: { readonly [Name in SteppedCell['cell']]: SteppedKernel<SteppedCell & { readonly cell: Name }> } = {
  lstm: { cell: LSTM, unused: 4, arguments: ({ before, after, unused }) => [before[1]!, after[1]!, unused] },
  gru: {
    cell: GRU,
    unused: 4,
    arguments: ({ rows, units, unused }, { resetAfter }) => [
      unused,
      unused + NUMBER * 3 * rows * units,
      Number(resetAfter),
    ],
  },
  rnn: {
    cell: RNN,
    unused: 1,
    arguments: ({ unused }, { activation }) => [rnnActivations[activation], unused],
  },
};

/**
 * Network that runs step by step on the WebAssembly kernels. Weights are packed once, in the first step, and states stay
 * in the memory of the kernels. A step runs the kernels that whole sequences run, and computes the same numbers.
 */
export class WasmStepper implements Stepper {
  readonly #memory: KernelMemory;
  readonly #tensors: tf.Tensor[] = [];
  readonly #blocks: number[] = [];
  /** Addresses of token ids, of the rows that are continued, and of the outputs. */
  readonly #ids: number;
  readonly #from: number;
  readonly #outputs: number;
  readonly #classes: number;
  readonly #embedding: ((rows: number) => number) | undefined;
  readonly #layers: readonly StepLayer[];
  readonly #dense: Dense;

  constructor(memory: KernelMemory, { table, layers, output }: SteppedNetwork, states: SteppedStates, rows: number) {
    this.#memory = memory;
    const room: Room = {
      memory,
      rows,
      allocate: (bytes) => {
        const pointer = memory.runtime.heap.allocate(bytes);
        this.#blocks.push(pointer);
        return pointer;
      },
      keep: (tensor) => {
        // The tensor of a variable is replaced when the variable is assigned.
        const kept = tf.keep(tf.clone(tensor));
        this.#tensors.push(kept);
        return memory.pointerTo(kept);
      },
    };
    this.#classes = output.kernel.shape[1];
    try {
      this.#ids = room.allocate(NUMBER * rows);
      this.#from = room.allocate(NUMBER * rows);
      this.#outputs = room.allocate(NUMBER * rows * this.#classes);
      if (table) this.#embedding = embedding(room, table, this.#ids);
      let width = table ? table.shape[1] : 0;
      this.#layers = layers.map((layer, index) => {
        const made = new StepLayer(room, layer, width, states[index]!);
        width = made.outputs;
        return made;
      });
      this.#dense = new Dense(room, output.kernel, output.bias);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  step(ids: Int32Array, from?: readonly number[]): Float32Array {
    const { runtime } = this.#memory;
    const rows = ids.length;
    runtime.int32(this.#ids, rows).set(ids);
    if (from) runtime.int32(this.#from, rows).set(from);
    let x = this.#embedding ? this.#embedding(rows) : this.#ids;
    for (const layer of this.#layers) x = layer.step(x, rows, from ? this.#from : undefined);
    this.#dense.run(x, rows, this.#outputs);
    return runtime.float32(this.#outputs, rows * this.#classes);
  }

  dispose(): void {
    for (const pointer of this.#blocks.splice(0)) this.#memory.runtime.heap.free(pointer);
    tf.dispose(this.#tensors.splice(0));
  }
}

/** Where a stepper allocates. */
interface Room {
  readonly memory: KernelMemory;
  /** Maximum number of rows. */
  readonly rows: number;
  allocate(bytes: number): number;
  /** Keeps a tensor, and returns its address. */
  keep(tensor: tf.Tensor): number;
}

/** Looks up the rows of a table. */
function embedding({ memory, rows, allocate, keep }: Room, table: tf.Tensor2D, ids: number): (rows: number) => number {
  const width = table.shape[1];
  const [source, target] = [keep(table), allocate(NUMBER * rows * width)];
  return (count) => {
    memory.runtime.run(Job.embedding, 1, [source, ids, target, count, width]);
    return target;
  };
}

/** A dense layer, whose weights are packed in its first run. */
class Dense {
  readonly outputs: number;
  readonly #memory: KernelMemory;
  readonly #inputs: number;
  readonly #kernel: number;
  readonly #bias: number;
  readonly #scratch: number;
  #isPacked = false;

  constructor({ memory, allocate, keep }: Room, kernel: tf.Tensor2D, bias?: tf.Tensor1D) {
    const { runtime } = memory;
    this.#memory = memory;
    [this.#inputs, this.outputs] = kernel.shape;
    this.#kernel = keep(kernel);
    this.#bias = bias ? keep(bias) : 0;
    this.#scratch = allocate(runtime.kernels.denseStepScratch(this.#inputs, this.outputs, runtime.threads));
  }

  run(x: number, rows: number, y: number): void {
    const { runtime } = this.#memory;
    const [depth, columns] = [this.#inputs, this.outputs];
    runtime.run(Job.denseStep, runtime.threadsFor(2 * rows * depth * columns), [
      x,
      this.#kernel,
      Number(this.#isPacked),
      this.#bias,
      y,
      rows,
      depth,
      columns,
      this.#scratch,
    ]);
    this.#isPacked = true;
  }
}

/** A recurrent layer with its states. */
class StepLayer {
  readonly outputs: number;
  readonly #memory: KernelMemory;
  readonly #kind: SteppedCell;
  readonly #kernel: SteppedKernel<SteppedCell>;
  readonly #units: number;
  /** Width of dense inputs; 0 for token ids. */
  readonly #width: number;
  readonly #weights: readonly [kernel: number, recurrentKernel: number, bias: number];
  readonly #scratch: number;
  readonly #unused: number;
  readonly #projection: { readonly dense: Dense; readonly outputs: number } | undefined;
  #before: readonly number[];
  #after: readonly number[];
  #isPacked = false;

  constructor(room: Room, layer: SteppedLayer, width: number, states: readonly tf.Tensor2D[]) {
    const { memory, rows, allocate, keep } = room;
    const { runtime } = memory;
    const { cell: kind, recurrentKernel, projection } = layer;
    const kernel = kernels[kind.cell] as SteppedKernel<SteppedCell>;
    const [units] = recurrentKernel.shape;
    this.#memory = memory;
    this.#kind = kind;
    this.#kernel = kernel;
    this.#units = units;
    this.#width = width;
    this.#weights = [keep(layer.kernel), keep(recurrentKernel), keep(layer.bias)];
    this.#scratch = allocate(
      runtime.kernels[`${kernel.cell.name}ForwardScratch` as const](width, units, runtime.threads),
    );
    this.#unused = allocate(NUMBER * kernel.unused * rows * units);
    this.#before = states.map(() => allocate(NUMBER * rows * units));
    this.#after = states.map((state) => {
      const pointer = allocate(NUMBER * rows * units);
      runtime.float32(pointer, state.size).set(runtime.float32(memory.pointerTo(state), state.size));
      return pointer;
    });
    this.#projection = projection && {
      dense: new Dense(room, projection),
      outputs: allocate(NUMBER * rows * projection.shape[1]),
    };
    this.outputs = this.#projection?.dense.outputs ?? units;
  }

  /**
   * @param from address of the rows that are continued; undefined if every row continues itself
   * @returns address of the outputs
   */
  step(x: number, rows: number, from: number | undefined): number {
    const { runtime } = this.#memory;
    const units = this.#units;
    this.#begin(rows, from);
    const { cell } = this.#kernel;
    const [kernel, recurrentKernel, bias] = this.#weights;
    const [before, after] = [this.#before, this.#after];
    const h = after[0]!;
    const step = { rows, units, before, after, unused: this.#unused };
    runtime.run(
      Job[`${cell.name}Forward` as const],
      threadsFor(cell, { timeSteps: 1, batch: rows, width: this.#width, units }, 1, runtime),
      [
        ...[x, this.#width, kernel, recurrentKernel, before[0]!, 0, 0, 1, rows, units, h, this.#scratch],
        ...[bias, Number(this.#isPacked)],
        ...this.#kernel.arguments(step, this.#kind),
      ],
    );
    this.#isPacked = true;
    if (!this.#projection) return h;
    this.#projection.dense.run(h, rows, this.#projection.outputs);
    return this.#projection.outputs;
  }

  /** Makes the states after the last step those before this one. */
  #begin(rows: number, from: number | undefined): void {
    if (from === undefined) {
      [this.#before, this.#after] = [this.#after, this.#before];
      return;
    }
    const { runtime } = this.#memory;
    for (const [index, before] of this.#before.entries())
      runtime.run(Job.embedding, 1, [this.#after[index]!, from, before, rows, this.#units]);
  }
}
