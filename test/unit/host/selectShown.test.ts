import assert from 'node:assert/strict';
import { selectShownRun } from '../../../src/host/views/selectShown.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import { newModel } from './examples.ts';

describe('the selection of the view Runs', () => {
  function setUp() {
    const listeners = { front: [] as (() => void)[], visible: [] as (() => void)[] };
    const panels: { frontRun: RunModel | undefined; onDidChangeFront: (listener: () => void) => { dispose(): void } } =
      {
        frontRun: undefined,
        onDidChangeFront: (listener) => {
          listeners.front.push(listener);
          return { dispose: () => listeners.front.splice(0) };
        },
      };
    const revealed: unknown[] = [];
    const view = {
      visible: true,
      selection: [] as unknown[],
      reveal: async (node: unknown) => {
        revealed.push(node);
        view.selection = [node];
      },
      onDidChangeVisibility: (listener: () => void) => {
        listeners.visible.push(listener);
        return { dispose: () => listeners.visible.splice(0) };
      },
    };
    const following = selectShownRun(view, panels, (error) => assert.fail(String(error)));
    const fire = (which: 'front' | 'visible') => {
      for (const listener of listeners[which]) listener();
    };
    return { panels, view, revealed, following, fire };
  }

  it('follows the front panel while the view is visible, and catches up when it is shown', () => {
    const { panels, view, revealed, following, fire } = setUp();
    const [first, second] = [newModel({ folder: '/runs/a' }), newModel({ folder: '/runs/b' })];
    fire('front');
    panels.frontRun = first;
    fire('front');
    fire('front');
    assert.deepEqual(revealed, [first]);
    view.visible = false;
    panels.frontRun = second;
    fire('front');
    assert.deepEqual(revealed, [first]);
    view.visible = true;
    fire('visible');
    assert.deepEqual(revealed, [first, second]);
    following.dispose();
    panels.frontRun = first;
    fire('front');
    assert.equal(revealed.length, 2);
  });
});
