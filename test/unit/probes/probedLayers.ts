import * as tf from '@tensorflow/tfjs';
import { Bidirectional } from '../../../src/layers/bidirectional.ts';
import { Gru } from '../../../src/layers/gru.ts';
import { Lstm } from '../../../src/layers/lstm.ts';
import type { RecurrentOptions } from '../../../src/layers/recurrent.ts';
import { RecurrentStack } from '../../../src/layers/recurrentStack.ts';
import type { SequenceLayer } from '../../../src/layers/sequenceLayer.ts';
import { SimpleRnn } from '../../../src/layers/simpleRnn.ts';
import { writeVariables } from '../../../src/models/weights.ts';
import type { Probed } from '../../../src/probes/probed.ts';
import { namedTensors, type ProbeFixture } from '../../oracle/probeFixture.ts';

/** Layers on dense inputs, with half the squared distance of the outputs from targets as the loss of a step. */
export interface LayersOnInputs {
  readonly layers: readonly SequenceLayer[];
  /** `[timeSteps, batch, inputs]` */
  readonly x: tf.Tensor3D;
  /** `[timeSteps, batch, width of the outputs]` */
  readonly targets: tf.Tensor3D;
  readonly lengths: readonly number[];
}

export function probedLayers(
  { layers, x, targets, lengths }: LayersOnInputs,
  lossAt: Probed['lossAt'] = 'each step',
): Probed {
  const stack = new RecurrentStack(layers);
  const network = tf.sequential();
  stack.addTo(network);
  return {
    layers,
    parameters: network.trainableWeights.map((weight) => ({
      name: weight.originalName,
      variable: weight.read() as tf.Variable,
    })),
    timeSteps: x.shape[0],
    lengths,
    lossAt,
    losses(sequences, states, tapsOf) {
      const of = (tensor: tf.Tensor): tf.Tensor3D =>
        tf.gather(tensor, tf.tensor1d([...sequences], 'int32'), 1) as tf.Tensor3D;
      const options = {
        lengths: tf.tensor1d(
          sequences.map((sequence) => lengths[sequence] ?? 0),
          'int32',
        ),
        tapsOf,
      };
      const { h } = stack.sequence(of(x), states, options);
      const each = tf.mul(0.5, tf.sum(tf.squaredDifference(h, of(targets)), 2)) as tf.Tensor2D;
      return lossAt === 'each step' ? each : tf.slice(each, [x.shape[0] - 1, 0], [1, sequences.length]);
    },
  };
}

export function probedFixture(fixture: ProbeFixture): Probed {
  const { timeSteps, batchSize } = fixture.shape;
  const tensor = ({ shape, values }: ProbeFixture['x']): tf.Tensor3D =>
    tf.tensor3d(values, [timeSteps, batchSize, shape[2] ?? 0]);
  const layers = Array.from({ length: fixture.layers }, (_, index) => layerOf(fixture, index));
  const probed = probedLayers({
    layers,
    x: tensor(fixture.x),
    targets: tensor(fixture.targets),
    lengths: fixture.lengths,
  });
  writeVariables(probed.parameters, namedTensors(fixture.weights));
  return probed;
}

function layerOf({ cell, activation, bidirectional, shape }: ProbeFixture, index: number): SequenceLayer {
  const inputs = index === 0 ? { inputs: shape.inputs } : {};
  const options = (name: string): RecurrentOptions => ({
    name: `${name}_${index + 1}`,
    units: shape.units,
    ...(bidirectional ? {} : inputs),
  });
  const make = {
    lstm: () => new Lstm(options('lstm')),
    gru: () => new Gru({ ...options('gru'), resetAfter: true }),
    rnn: () => new SimpleRnn({ ...options('simple_rnn'), activation }),
  };
  const layer = make[cell]();
  return bidirectional ? new Bidirectional({ name: `bidirectional_${index + 1}`, layer, ...inputs }) : layer;
}
