import assert from 'node:assert/strict';
import { panelState } from '../../../webview/panel/panelState.ts';
import { StoredState } from '../../../webview/storedState.ts';

const nothing = {
  run: null,
  tab: null,
  charts: {},
  chosenCharts: [],
  sampling: null,
  generation: null,
  gradients: null,
  explain: null,
  gates: null,
  compared: null,
  comparedStep: null,
  scroll: 0,
};

/** State of a panel that opens with a stored state. */
function restored(stored: unknown) {
  return new StoredState(panelState, {
    getState: () => stored,
    setState: () => undefined,
    postMessage: () => undefined,
  }).current;
}

describe('the stored state of the panel', () => {
  for (const stored of [undefined, null, 7, 'state', [], {}]) {
    it(`starts empty from ${JSON.stringify(stored)}`, () => assert.deepEqual(restored(stored), nothing));
  }

  it('resets only the fields that an older version stored in another form', () => {
    const loss = { logarithmic: true, smoothing: 50, range: { min: 1, max: 2 }, table: false };
    const stored = { run: 'r', charts: { loss }, sampling: { temperature: 'warm' }, scroll: 120, removed: 1 };
    assert.deepEqual(restored(stored), { ...nothing, run: 'r', charts: { loss }, scroll: 120 });
    assert.deepEqual(restored({ run: 'r', charts: { loss: { log: true } } }), { ...nothing, run: 'r' });
  });

  it('is stored completely at every change', () => {
    let stored: unknown = { run: 'before' };
    const store = new StoredState(panelState, {
      getState: () => stored,
      setState: (state) => void (stored = state),
      postMessage: () => undefined,
    });
    store.change({ scroll: 5 });
    assert.deepEqual(stored, { ...nothing, run: 'before', scroll: 5 });
    assert.deepEqual(store.current, stored);
  });
});
