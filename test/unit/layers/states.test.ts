import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { LayerState } from '../../../src/layers/sequenceLayer.ts';
import { mapState, namedStateTensors } from '../../../src/layers/states.ts';

describe('states of layers', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const tensor = (value: number): tf.Tensor2D => tf.fill<tf.Rank.R2>([1, 2], value);
  const states: Record<string, LayerState> = {
    h: { h: tensor(1) },
    'h c': { h: tensor(1), c: tensor(2) },
    'forward/h forward/c backward/h': { forward: { h: tensor(1), c: tensor(2) }, backward: { h: tensor(3) } },
  };
  for (const [names, state] of Object.entries(states)) {
    it(`with ${names} list all their tensors, and keep their form when the tensors are replaced`, () => {
      assert.deepEqual(
        namedStateTensors(state)
          .map(({ name }) => name)
          .join(' '),
        names,
      );
      const visited: string[] = [];
      const doubled = mapState(state, (name, part) => {
        visited.push(name);
        return tf.mul(part, 2);
      });
      assert.equal(visited.join(' '), names);
      const values = (of: LayerState) =>
        namedStateTensors(of).map(({ name, tensor: part }) => [name, part.dataSync()[0]]);
      assert.deepEqual(
        values(doubled),
        values(state).map(([name, value]) => [name, 2 * Number(value)]),
      );
    });
  }
});
