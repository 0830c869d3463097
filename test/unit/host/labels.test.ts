import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { relabel } from '../../../src/host/runs/labels.ts';
import { assertNames } from '../../harness/facts.ts';
import { newModel, startEvent } from './examples.ts';

describe('labels of the runs of a store', () => {
  const model = (id: string, learningRate: number) =>
    newModel({ folder: `/runs/${id}`, config: parseRunConfig({ training: { learningRate } }) });

  it('follow the list: a run alone has its data, and another one adds what differs', () => {
    const first = model('a', 0.005);
    assert.deepEqual([first.view.label, first.view.title], Array(2).fill('LSTM 1x100 · hamlet.txt'));
    const second = model('b', 0.002);
    assert.deepEqual(relabel([second, first]), [second, first]);
    assert.deepEqual([first.view.label, second.view.label], ['LSTM 1x100 · lr 0.005', 'LSTM 1x100 · lr 0.002']);
    assertNames(second.view.title, 'hamlet.txt', 0.002);
    const { view } = first;
    assert.deepEqual(relabel([first, second]), []);
    assert.equal(first.view, view, 'the view is the same object while its label is');
  });

  it('name the states of a tagger by its tags, once they are known', () => {
    const config = parseRunConfig({ task: { name: 'tagging' }, model: { family: 'hidden-markov' } });
    const tagger = newModel({ config });
    assert.equal(tagger.states, null);
    tagger.apply(startEvent({ task: 'tagging', baselines: { uniform: Math.log(12), 'frequency of tags': 1 } }));
    relabel([tagger]);
    assert.equal(tagger.states, 12);
    for (const text of [tagger.view.label, tagger.view.summary]) assertNames(text, 'HMM', 12);
    assert.doesNotMatch(tagger.view.summary, /LSTM|one-hot|T=|B=/);
  });
});
