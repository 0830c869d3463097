import assert from 'node:assert/strict';
import { tasks } from '../../../src/config/tasks.ts';
import { lessons } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { samples } from '../../../src/protocol/samples.ts';
import { describeShape, examplesOf } from '../../../webview/course/shapes/describeShape.ts';
import { shapes } from '../../../webview/course/shapes/shapeTable.ts';
import { assertNames } from '../../harness/facts.ts';
import { lessonConfig } from '../../bench/lessons/lessonConfig.ts';

const run: LessonRunView = {
  id: 'a',
  key: 'oneToMany',
  seed: 1,
  state: 'completed',
  message: null,
  step: 1500,
  seconds: 80,
  steps: 1500,
  curves: {},
  solved: false,
  settings: { learningRate: 0.01, clipNorm: 1, truncation: 0, distance: null },
  scores: {},
  scoreCurves: {},
  lastStep: null,
  report: null,
  best: { step: 1250, loss: Math.log(8) },
  baselines: {},
  probeSteps: [],
  flow: null,
  firstFlow: null,
};

describe('the gallery of shapes', () => {
  it('has a run for each shape, of the task and the arrangement that it draws', async () => {
    const arrangements = [];
    for (const { key, task, network } of shapes) {
      const { task: trained } = await lessonConfig('shapes', key);
      assert.equal(trained.name, task);
      assert.equal(network.inputs.length, network.outputs.length);
      const definition = lessons.shapes.runs?.find((each) => each.key === key);
      assert.ok((samples[definition?.sample ?? '']?.seconds ?? Infinity) < 120, `${key} takes less than two minutes`);
      arrangements.push(tasks[task].arrangement);
    }
    assert.deepEqual(arrangements, ['one-to-many', 'many-to-one', 'many-to-many', 'delayed']);
    assert.equal(lessons.shapes.runs?.length, shapes.length);
  });

  it('says how a run has learned, by its scores or its perplexity', () => {
    const [loss, unsure] = describeShape(run, tasks['conditioned-generation'].units);
    assertNames(loss, '1,500', '1 min 20 s', '2.079', '1,250', 'nats per character');
    assertNames(unsure, 8);
    const [, right] = describeShape({ ...run, scores: { accuracy: 0.877 } }, tasks.classification.units);
    assertNames(right, '87.7 %');
    assert.deepEqual(describeShape({ ...run, best: null }, tasks.tagging.units), []);
  });

  it('shows the last table of a report', () => {
    const table = (title: string) => ({ kind: 'table' as const, title, columns: [], rows: [], note: '' });
    const report = { step: 1, blocks: [table('errors'), table('examples')] };
    assert.deepEqual(examplesOf({ ...run, report }), [table('examples')]);
    assert.deepEqual(examplesOf(run), []);
  });
});
