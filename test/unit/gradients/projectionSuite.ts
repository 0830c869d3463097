import assert from 'node:assert/strict';
import { assertClose } from '../../oracle/compare.ts';
import { projectionFixtures } from '../../oracle/projectionFixture.ts';
import type { RemoteCalculator } from './backendThread.ts';
import type { Requirements } from './requirements.ts';

/** Sizes of the fixtures. */
const UNITS = 5;

/** Tests of LSTMs with a projection (`proj_size` of PyTorch) or without biases. */
export function testProjections(calculator: () => RemoteCalculator, { tolerance }: Requirements): void {
  for (const [title, fixture] of projectionFixtures()) {
    it(`agrees with PyTorch on outputs and gradients: ${title}`, async () => {
      const { output, gradients } = await calculator().projections({ ...fixture, units: UNITS });
      assert.deepEqual(output.shape, fixture.output.shape);
      assertClose('output', output.values, fixture.output.values, tolerance);
      assert.deepEqual(
        gradients.map(({ name }) => name).sort(),
        Object.keys(fixture.weights).sort(),
        'unexpected trained parameters',
      );
      for (const { name, values } of gradients)
        assertClose(`gradient of ${name}`, values, fixture.gradients[name]?.values ?? [], tolerance);
    });
  }
}
