import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { STEP_GRACE_MS } from '../../../src/host/runs/liveRun.ts';
import { end, liveRun } from './fakeTrainer.ts';
import { startEvent, stepEvent } from './examples.ts';
import { assertNames } from '../../harness/facts.ts';

describe('LiveRun', () => {
  it('applies the events of its trainer to its model until the end', async () => {
    const { live, model, heard, begin, owner } = liveRun();
    await begin();
    await owner.remote.events([startEvent(), stepEvent(1)]);
    await turn();
    assert.equal(model.state, 'running');
    await owner.remote.events([stepEvent(2), end]);
    await live.over;
    await turn();
    assert.equal(model.state, 'stopped');
    assert.deepEqual([heard.ended, heard.killed], [1, 1]);
  });

  it('rejects if a run cannot start, and ends the trainer', async () => {
    const { begin, heard, live } = liveRun({
      resume: () => {
        throw new RangeError('The text is empty.');
      },
    });
    await assert.rejects(begin(), { name: 'RangeError', message: 'The text is empty.' });
    await live.over;
    assert.deepEqual([heard.ended, heard.killed], [0, 1]);
  });

  it('fails with the reason if its trainer dies', async () => {
    const { begin, die, model, heard, live } = liveRun({ pause: () => new Promise(() => undefined) });
    await begin();
    const pausing = assert.rejects(live.pause(), /out of memory/);
    die('The process ended: out of memory.');
    await pausing;
    await live.over;
    await turn();
    assert.equal(model.state, 'failed');
    assert.equal(model.view.message, 'The process ended: out of memory.');
    assert.equal(heard.ended, 1);
  });

  it('fails with the reason if its trainer reports a failure', async () => {
    const { begin, owner, model, live } = liveRun();
    await begin();
    await owner.remote.failed({ message: 'The disk is full.' });
    await live.over;
    assert.equal(model.view.message, 'The disk is full.');
    assert.equal(model.state, 'failed');
  });

  it('is cancelled if it is stopped before it is ready', async () => {
    const { begin, live, heard } = liveRun({ resume: () => new Promise(() => undefined) });
    const beginning = assert.rejects(begin(), { name: 'StartCancelled' });
    await live.stop();
    await beginning;
    assert.equal(heard.ended, 0);
  });

  it('can be stopped while it ends', async () => {
    const { begin, live, owner, model } = liveRun();
    await begin();
    await owner.remote.events([end]);
    await turn();
    assert.ok(live.ending);
    await live.stop();
    assert.equal(model.state, 'stopped');
  });

  it('tells its trainer whether the user stops it or the window closes', async () => {
    const asked: string[] = [];
    const trainer = {
      stop: async () => void asked.push('stop'),
      interrupt: async () => void asked.push('interrupt'),
    };
    for (const because of ['user', 'window'] as const) {
      const { begin, live, owner } = liveRun(trainer);
      await begin();
      await live.stop(because);
      await owner.remote.events([end]);
      await live.over;
    }
    assert.deepEqual(asked, ['stop', 'interrupt']);
  });

  describe('with a step that does not end', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
    afterEach(() => mock.timers.reset());

    it('ends its trainer after two seconds', async () => {
      const { begin, live, model, heard } = liveRun({ stop: () => new Promise(() => undefined) });
      await begin();
      const stopping = live.stop();
      mock.timers.tick(STEP_GRACE_MS - 1);
      await turn();
      assert.equal(heard.killed, 0);
      mock.timers.tick(1);
      await stopping;
      await live.over;
      assert.equal(model.state, 'interrupted');
      assertNames(model.view.message ?? '', `${STEP_GRACE_MS / 1000} s`);
    });

    it('gets time to save after it has answered', async () => {
      const { begin, live, heard, owner, model } = liveRun();
      await begin();
      await live.stop();
      mock.timers.tick(STEP_GRACE_MS + 1);
      await turn();
      assert.equal(heard.killed, 0);
      await owner.remote.events([end]);
      await live.over;
      assert.equal(model.state, 'stopped');
    });
  });
});
