import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { cellKinds, randomSequence } from '../../oracle/cells.ts';
import type { SequenceCase, SequenceShape } from '../../oracle/cells.ts';
import { assertAllClose } from '../../oracle/compare.ts';
import { row } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';
import { rowOf } from '../../oracle/recurrent.ts';
import { saturatedSequence } from '../../oracle/saturated.ts';
import { matrices } from '../../oracle/storedTensors.ts';
import type { RemoteCalculator } from './backendThread.ts';
import type { Requirements } from './requirements.ts';
import { assertTails, TAIL_SEEDS } from './tails.ts';
import { nameKernels } from './nameKernels.ts';
import type { SequenceCall } from './sequenceCalculator.ts';
import { expectedOf, sequenceCall } from './sequenceCall.ts';
import { sizes } from './sizes.ts';

/** Tolerance of the same sums in another order. */
const ROUNDING = 1e-5;

const shapes = {
  ...sizes,
  inputs: fc.integer({ min: 1, max: 9 }),
  masked: fc.boolean(),
  reverse: fc.boolean(),
  oneHot: fc.boolean(),
};

/**
 * Cases that a small sample must include: both kinds of input, with and without masks, in both directions; and more
 * units than a workgroup has threads.
 */
const examples: readonly Example[] = [
  { seed: 1, timeSteps: 6, batchSize: 3, units: 9, inputs: 5, masked: false, reverse: false, oneHot: false },
  { seed: 2, timeSteps: 7, batchSize: 5, units: 33, inputs: 4, masked: true, reverse: true, oneHot: false },
  { seed: 3, timeSteps: 5, batchSize: 4, units: 13, inputs: 6, masked: true, reverse: false, oneHot: true },
  { seed: 4, timeSteps: 4, batchSize: 2, units: 300, inputs: 3, masked: false, reverse: true, oneHot: true },
];

type Example = SequenceShape & { readonly seed: number };

/** Tests of all sequence kernels, forward and backward. */
export function testSequences(calculator: () => RemoteCalculator, { tolerance, cases, exact }: Requirements): void {
  /** Computes the result and checks that no tensors leak. */
  async function answer(call: SequenceCall): Promise<NamedTensor[]> {
    const { tensors, tensorsLeft } = await calculator().sequence(call);
    assert.equal(tensorsLeft, 0, 'tensors leak');
    return tensors;
  }

  for (const [name, kind] of Object.entries(cellKinds)) {
    describe(`sequence kernels of the ${name}`, () => {
      nameKernels(calculator, kind);

      const forAll = async (
        options: fc.Arbitrary<Example>,
        holds: (layer: SequenceCase) => Promise<void>,
        first: readonly Example[] = [],
      ) => {
        const check = fc.asyncProperty(options, ({ seed, ...shape }) =>
          holds(randomSequence(new Random(seed), kind, shape)),
        );
        await fc.assert(check, {
          seed: 2014,
          numRuns: first.length + Math.min(cases, 25),
          examples: first.map((example) => [example]),
        });
      };

      it('agree with the oracle on all outputs, gradients and norms', async () => {
        const agrees = async (layer: SequenceCase): Promise<void> => {
          const actual = await answer(sequenceCall(layer));
          assertAllClose(matrices(actual), matrices(expectedOf(layer)), tolerance);
        };
        await forAll(fc.record(shapes), agrees, examples);
      });

      it('leak no handles of a native library', async () => {
        const call = sequenceCall(
          randomSequence(new Random(7), kind, {
            timeSteps: 5,
            batchSize: 3,
            units: 4,
            inputs: 6,
            masked: true,
            reverse: true,
            oneHot: false,
          }),
        );
        // The first call may create constants, which are kept.
        await answer(call);
        assert.equal((await calculator().sequence(call)).handlesLeft, 0);
      });

      it('ignore the padding of a sequence', async () => {
        await forAll(fc.record({ ...shapes, masked: fc.constant(true) }), async (layer) => {
          const call = sequenceCall(layer);
          const [x, ...others] = call.inputs as [NamedTensor, ...NamedTensor[]];
          const otherwise = await answer({ ...call, inputs: [withOtherPadding(x, layer.lengths), ...others] });
          if (exact) assert.deepEqual(otherwise, await answer(call));
          else assertAllClose(matrices(otherwise), matrices(await answer(call)), ROUNDING);
        });
      });

      it('process in reverse like forward over reversed inputs', async () => {
        await forAll(
          fc.record({ ...shapes, masked: fc.constant(false), reverse: fc.constant(true) }),
          async (layer) => {
            const call = sequenceCall(layer);
            const [x, ...others] = call.inputs as [NamedTensor, ...NamedTensor[]];
            const forwards = await answer({
              ...call,
              reverse: false,
              inputs: [turned(x), ...others],
              dh: turned(call.dh),
            });
            const perStep = ['h', 'c', 'gates', 'gradient of x'];
            const expected = forwards.map((tensor) => (perStep.includes(tensor.name) ? turned(tensor) : tensor));
            const rest = (tensors: readonly NamedTensor[]) =>
              matrices(tensors.filter((tensor) => tensor.name !== 'norms'));
            assertAllClose(rest(await answer(call)), rest(expected), ROUNDING);
          },
        );
      });

      it('continue from a state without a difference', async () => {
        await forAll(
          fc.record({
            ...shapes,
            timeSteps: fc.integer({ min: 2, max: 12 }),
            masked: fc.constant(false),
            reverse: fc.constant(false),
          }),
          async (layer) => {
            const whole = await answer(sequenceCall(layer));
            const stop = Math.ceil(layer.inputs.length / 2);
            const first = await answer(sequenceCall(stepsOf(layer, 0, stop)));
            const call = sequenceCall(stepsOf(layer, stop, layer.inputs.length));
            const carried = new Map(first.map((tensor) => [`${tensor.name}0`, lastStep(tensor)]));
            const second = await answer({
              ...call,
              inputs: call.inputs.map((input) => carried.get(input.name) ?? input),
            });
            const states = (tensors: readonly NamedTensor[]) =>
              tensors.filter(({ name: output }) => ['h', 'c', 'gates'].includes(output));
            const joined = states(first).map((tensor, index) => concatenateSteps(tensor, states(second)[index]!));
            assertAllClose(matrices(joined), matrices(states(whole)), ROUNDING);
          },
        );
      });

      it('agree with float64 at every lag, down to 1e-30 of lag 0, over 500 steps of saturated cells', async () => {
        for (const seed of TAIL_SEEDS.slice(0, cases)) {
          const layer = saturatedSequence(seed, kind);
          assertTails(await answer(sequenceCall(layer)), layer);
        }
      });

      it('process each sequence independently of the others', async () => {
        await forAll(
          fc.record({ ...shapes, batchSize: fc.constantFrom(2, 3, 5, 9), oneHot: fc.constant(false) }),
          async (layer) => {
            const together = await answer(sequenceCall(layer));
            const b = layer.lengths.length - 1;
            const alone = await answer(sequenceCall(onlySequence(layer, b)));
            const perSequence = ['h', 'c', 'gates', 'norms', 'gradient of x', 'gradient of h0', 'gradient of c0'];
            const own = (tensors: readonly NamedTensor[]) =>
              tensors.filter((tensor) => perSequence.includes(tensor.name));
            assertAllClose(
              matrices(own(alone)),
              matrices(own(together).map((tensor) => sequenceOf(tensor, b))),
              ROUNDING,
            );
          },
        );
      });
    });
  }
}

/** Changes the numbers or ids in the padding of each sequence. `x [timeSteps, batch, ...]`. */
function withOtherPadding(x: NamedTensor, lengths: readonly number[]): NamedTensor {
  const [, batch = 0, width = 1] = x.shape;
  const isIds = x.shape.length === 2;
  const values = x.values.map((value, index) => {
    const row = Math.floor(index / width);
    if (Math.floor(row / batch) < Number(lengths[row % batch])) return value;
    return isIds ? 0 : 100 - value;
  });
  return { ...x, values };
}

/** Reverses the steps of a tensor `[timeSteps, ...]`. */
function turned(tensor: NamedTensor): NamedTensor {
  const steps = tensor.shape[0] ?? 1;
  const size = tensor.values.length / steps;
  const values = tensor.values.map((_, index) => {
    const step = Math.floor(index / size);
    return tensor.values[(steps - 1 - step) * size + (index % size)]!;
  });
  return { ...tensor, values };
}

/** Returns some of the steps of a case, without masks. */
function stepsOf(layer: SequenceCase, from: number, to: number): SequenceCase {
  const lengths = layer.lengths.map(() => to - from);
  return {
    ...layer,
    inputs: layer.inputs.slice(from, to),
    ids: layer.ids?.slice(from, to),
    direct: layer.direct.slice(from, to),
    lengths,
  };
}

/** Converts states `[timeSteps, batch, width]` to the final state `[batch, width]`, named as an initial state. */
function lastStep({ name, shape, values }: NamedTensor): NamedTensor {
  const [timeSteps = 1, ...rest] = shape;
  return { name: `${name}0`, shape: rest, values: values.slice(-values.length / timeSteps) };
}

function concatenateSteps(first: NamedTensor, second: NamedTensor): NamedTensor {
  const [timeSteps = 0, ...rest] = first.shape;
  return {
    ...first,
    shape: [timeSteps + (second.shape[0] ?? 0), ...rest],
    values: Float32Array.of(...first.values, ...second.values),
  };
}

/** Returns one sequence of a batch. */
function onlySequence(layer: SequenceCase, b: number): SequenceCase {
  const only = (state: SequenceCase['initial']) => rowOf(state, b);
  return {
    ...layer,
    inputs: layer.inputs.map((step) => row(step, b)),
    initial: only(layer.initial),
    direct: layer.direct.map(only),
    lengths: layer.lengths.slice(b, b + 1),
  };
}

/** Returns the part of a tensor for one sequence: `[..., batch, width]`, or `[..., batch]` for norms. */
function sequenceOf(tensor: NamedTensor, b: number): NamedTensor {
  const width = tensor.name === 'norms' ? 1 : (tensor.shape.at(-1) ?? 1);
  const batch = (tensor.name === 'norms' ? tensor.shape.at(-1) : tensor.shape.at(-2)) ?? 1;
  const values = tensor.values.filter((_, index) => Math.floor(index / width) % batch === b);
  return { ...tensor, shape: [values.length / width, width], values };
}
