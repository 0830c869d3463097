import assert from 'node:assert/strict';
import fc from 'fast-check';
import { growthOf } from '../../../webview/charts/growth.ts';
import { buildScene } from '../../../webview/charts/scene.ts';
import type { ChartSpec } from '../../../webview/charts/spec.ts';

const line = { label: '', color: 'blue', dash: [], smoothable: true } as const;
const spec: ChartSpec = {
  id: 'test',
  title: '',
  xName: 'step',
  unit: '',
  lines: [
    { ...line, key: 'a' },
    { ...line, key: 'b' },
  ],
  bands: [{ low: 'a', high: 'b', color: 'blue' }],
  defaults: { logarithmic: false, smoothing: 0, range: 'full', table: false },
  describe: String,
};

const points = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 120 })
  .map((xs) => ({ x: xs.sort((a, b) => a - b), y: xs.map((x) => Math.sin(x)) }));

describe('the growth of curves', () => {
  it('keeps the axes, adds points in every stage but the first, takes all the time, and ends with the whole', () => {
    const limits = fc.integer({ min: 2, max: 150 });
    fc.assert(
      fc.property(points, points, limits, fc.constantFrom(0, 20), (a, b, limit, smoothing) => {
        const curves = new Map([
          ['a', a],
          ['b', b],
        ]);
        const scene = buildScene(spec, curves, [], { ...spec.defaults, smoothing });
        assert.ok(scene);
        const stages = growthOf(scene, limit);
        const counts = stages.map((stage) => stage.scene.strokes.reduce((sum, each) => sum + each.points.x.length, 0));
        counts.slice(1).forEach((count, i) => assert.ok(count > counts[i]!));
        assert.equal(
          stages.reduce((sum, { span }) => sum + span, 0),
          limit,
        );
        for (const stage of stages) {
          assert.deepEqual([stage.scene.x, stage.scene.y], [scene.x, scene.y]);
          assert.ok(stage.scene.strokes.every((each) => each.points.x.every((x) => x <= stage.x)));
        }
        assert.deepEqual(stages.at(-1)?.scene, scene);
      }),
    );
  });
});
