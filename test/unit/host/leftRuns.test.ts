import assert from 'node:assert/strict';
import { sortLeftRuns } from '../../../src/host/runs/leftRuns.ts';
import { runState, type RunState } from '../../../src/protocol/panel.ts';

describe('runs that a closing window left behind', () => {
  const states = new Map<string, RunState>(runState.options.map((state) => [state, state]));
  const left = [...states.keys(), 'deleted'];
  const sorted = (choice: 'ask' | 'always' | 'never') => sortLeftRuns(left, (id) => states.get(id), choice);

  it('are asked about, or continued at once, if they were interrupted', () => {
    assert.deepEqual(sorted('ask'), { resume: [], ask: ['interrupted'], wait: ['running'] });
    assert.deepEqual(sorted('always'), { resume: ['interrupted'], ask: [], wait: ['running'] });
  });

  it('are left alone if the setting says so', () => {
    assert.deepEqual(sorted('never'), { resume: [], ask: [], wait: [] });
  });
});
