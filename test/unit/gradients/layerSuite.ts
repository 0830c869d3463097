import type { NamedTensor } from '../../../src/models/weights.ts';
import { assertAllClose } from '../../oracle/compare.ts';
import { directionsOf, kindOf, readLayerFixtures } from '../../oracle/layerFixture.ts';
import type { LayerFixture } from '../../oracle/layerFixture.ts';
import type { Matrix } from '../../oracle/matrix.ts';
import { matrices, stored, storedSequence } from '../../oracle/storedTensors.ts';
import type { RemoteCalculator } from './backendThread.ts';
import type { LayersCall } from './layerCalculator.ts';
import type { Requirements } from './requirements.ts';
import { nameKernels } from './nameKernels.ts';
import { storedLengths } from './sequenceCall.ts';

function storedAll(tensors: ReadonlyMap<string, Matrix>): NamedTensor[] {
  return [...tensors].map(([name, matrix]) => stored(name, matrix));
}

function callOf(fixture: LayerFixture): LayersCall {
  return {
    kind: kindOf(fixture),
    units: fixture.shape.units,
    bidirectional: fixture.bidirectional,
    directions: directionsOf(fixture).map((layer) => layer.map(({ name }) => name)),
    weights: storedAll(fixture.weights),
    x: storedSequence('x', fixture.x),
    lengths: storedLengths(fixture.lengths),
    initial: storedAll(fixture.initial),
    byOutput: storedSequence('byOutput', fixture.byOutput),
    byFinal: storedAll(fixture.byFinal),
  };
}

/** Tests of the layers, stacked and bidirectional. */
export function testLayers(calculator: () => RemoteCalculator, { tolerance }: Requirements): void {
  for (const { name, fixture } of readLayerFixtures()) {
    describe(`layers of ${name}`, () => {
      nameKernels(calculator, fixture);

      it('agree with PyTorch on outputs, final states, all gradients and their norms at every step', async () => {
        const { output, final, gradients, norms } = await calculator().layers(callOf(fixture));
        assertAllClose(matrices([output]), matrices([storedSequence('output', fixture.output)]), tolerance);
        assertAllClose(matrices(final), fixture.final, tolerance);
        assertAllClose(matrices(norms), fixture.norms, tolerance);
        const { weights, x, initial } = fixture.gradients;
        const expected = new Map([...weights, ...initial, ...matrices([storedSequence('x', x)])]);
        assertAllClose(matrices(gradients), expected, tolerance);
      });
    });
  }
}
