import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { isWithin, overlap, type Box } from '../../../webview/charts/labels.ts';
import { describeGraph, modelGraph } from '../../../webview/model/modelGraph.ts';
import { layOutModel } from '../../../webview/model/modelLayout.ts';

const graphOf = (config: RunConfigInput) => {
  const graph = modelGraph(parseRunConfig(config));
  assert.ok(graph);
  return graph;
};

const models: Readonly<Record<string, RunConfigInput>> = {
  'language model': { task: { name: 'language-model' }, model: { layers: 2 } },
  classifier: { task: { name: 'classification' }, model: { bidirectional: true, pooling: 'max', embedding: 16 } },
  'classifier of last states': { task: { name: 'classification' }, model: { cell: 'gru' } },
  convolutions: { task: { name: 'classification' }, model: { family: 'convolutional', kernelWidths: '3,4,5' } },
  tagger: { task: { name: 'tagging' }, model: { bidirectional: true, layers: 2 } },
  translation: {
    task: { name: 'sequence-to-sequence' },
    model: { attention: 'additive', layers: 2, embedding: 32 },
  },
  'conditioned generation': { task: { name: 'conditioned-generation' }, model: { layers: 2, embedding: 8 } },
  forecast: { task: { name: 'forecasting' }, model: { cell: 'rnn', recurrence: 'output' } },
};

describe('the picture of a model', () => {
  for (const [name, config] of Object.entries(models)) {
    it(`of a ${name} keeps its boxes apart and everything inside`, () => {
      const { width, height, boxes, connections, labels } = layOutModel(graphOf(config));
      const area: Box = { left: 0, top: 0, right: width, bottom: height };
      const frames = boxes.map((box) => ({
        left: box.x,
        top: box.y,
        right: box.x + box.width,
        bottom: box.y + box.height,
      }));
      frames.forEach((frame, i) => {
        assert.ok(isWithin(frame, area));
        for (const other of frames.slice(i + 1)) assert.ok(!overlap(frame, other));
      });
      for (const { x, y } of [...connections.flatMap(({ points }) => points), ...labels])
        assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `${x} ${y}`);
      for (const { text, x } of labels.filter(({ anchor }) => anchor === 'start'))
        assert.ok(x + 6.6 * text.length <= width, `${text} is cut`);
    });
  }

  it('fits the form for a new run without the texts of the layers', () => {
    const graph = graphOf({ model: { layers: 2 } });
    const { width, labels } = layOutModel(graph, false);
    assert.ok(width <= 380 && width < layOutModel(graph).width);
    assert.ok(labels.every(({ anchor, x }) => anchor === 'middle' && x > 0 && x < width));
  });

  it('has a box at the first, the second and the last step, with states between them', () => {
    const { boxes, connections, labels } = layOutModel(graphOf({ model: { cell: 'lstm', layers: 2 } }));
    assert.equal(boxes.filter(({ text }) => text === 'LSTM').length, 6);
    assert.equal(boxes.filter(({ text }) => text === 'dense').length, 3);
    assert.equal(connections.filter(({ kind }) => kind === 'skip').length, 2);
    assert.deepEqual(
      labels.filter(({ y }) => y === Math.max(...labels.map((label) => label.y))).map(({ text }) => text),
      ['x1', 'x2', 'xT'],
    );
    assert.equal(labels.filter(({ text }) => text === 'h, c').length, 2);
    assert.ok(labels.some(({ text }) => text === '[batch, timeSteps, 100]'));
  });

  it('reads in both directions', () => {
    const { boxes, connections } = layOutModel(graphOf({ task: { name: 'tagging' }, model: { bidirectional: true } }));
    assert.equal(boxes.filter(({ halves }) => halves).length, 3);
    const states = connections.filter(({ kind }) => kind === 'state' || kind === 'skip');
    const directions = states.map(({ points: [from, to] }) => Math.sign((to?.x ?? 0) - (from?.x ?? 0)));
    assert.equal(directions.filter((direction) => direction < 0).length, 2);
  });

  it('passes the states of the encoder to the decoder, and all of its outputs to the attention', () => {
    const { attention, layers } = { attention: 'dot', layers: 2 } as const;
    const graph = graphOf({ task: { name: 'sequence-to-sequence' }, model: { attention, layers } });
    assert.equal(graph.parts.length, 2);
    const { boxes, connections } = layOutModel(graph);
    assert.equal(boxes.filter(({ text }) => text === 'attention').length, 3);
    assert.equal(connections.filter(({ kind, arrow }) => kind === 'attention' && !arrow).length, 3);
    const none = layOutModel(graphOf({ task: { name: 'sequence-to-sequence' }, model: { attention: 'none' } }));
    assert.equal(none.connections.filter(({ kind }) => kind === 'attention').length, 0);
  });

  it('reads in both directions in the encoder alone, whose last states pass a bridge', () => {
    const model = { bidirectional: true, layers: 2 } as const;
    const graph = graphOf({ task: { name: 'sequence-to-sequence' }, model });
    assert.deepEqual(
      graph.parts.map(({ bidirectional }) => bidirectional),
      [true, false],
    );
    assert.deepEqual(
      graph.parts[0]?.rows.at(-1)?.map(({ name }) => name),
      ['bridge'],
    );
    const { boxes } = layOutModel(graph);
    assert.equal(boxes.filter(({ halves }) => halves).length, 6);
    assert.equal(boxes.filter(({ text }) => text === 'bridge').length, 1);
  });

  it('answers once for a text, above the last step or above the pooled steps', () => {
    const denseOf = (pooling: 'last' | 'mean') => {
      const { boxes } = layOutModel(graphOf({ task: { name: 'classification' }, model: { pooling } }));
      return boxes.filter(({ text }) => text === 'dense');
    };
    assert.equal(denseOf('last').length, 1);
    assert.equal(denseOf('mean').length, 1);
    assert.ok((denseOf('mean')[0]?.x ?? 0) < (denseOf('last')[0]?.x ?? 0));
  });

  it('has its answer above the box that gives it', () => {
    for (const pooling of ['last', 'mean'] as const) {
      const { boxes, labels } = layOutModel(graphOf({ task: { name: 'classification' }, model: { pooling } }));
      const dense = boxes.find(({ text }) => text === 'dense');
      const answer = labels.find(({ text }) => text === 'y');
      assert.equal(answer?.x, (dense?.x ?? 0) + (dense?.width ?? 0) / 2);
    }
  });

  it('gives an output at every step to a cell that reads it', () => {
    const { boxes, connections } = layOutModel(graphOf(models['forecast'] ?? {}));
    assert.equal(boxes.filter(({ text }) => text === 'dense').length, 3);
    assert.equal(connections.filter(({ kind, points }) => kind === 'state' && points.length > 2).length, 1);
  });

  it('does not exist for a model that is not a network', () => {
    assert.equal(
      modelGraph(parseRunConfig({ task: { name: 'classification' }, model: { family: 'naive-bayes' } })),
      undefined,
    );
  });

  it('is described with the numbers of its layers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), (layers) => {
        const said = describeGraph(graphOf({ model: { layers } }));
        assert.ok(said.includes(String(layers)) && said.includes(String(layers + 1)));
      }),
    );
  });
});
