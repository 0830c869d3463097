import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Throttle } from '../../../src/host/panel/throttle.ts';

const INTERVAL = 100;

describe('Throttle', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('calls its function for requests, and for none that was canceled', () => {
    let calls = 0;
    const throttle = new Throttle(INTERVAL, () => calls++);
    for (let i = 0; i < 3; i++) throttle.request();
    mock.timers.tick(INTERVAL);
    assert.equal(calls, 1);
    throttle.request();
    throttle.cancel();
    mock.timers.tick(10 * INTERVAL);
    assert.equal(calls, 1);
    throttle.request();
    mock.timers.tick(INTERVAL);
    assert.equal(calls, 2);
  });

  it('calls it for no request before or after its disposal', () => {
    let calls = 0;
    const throttle = new Throttle(INTERVAL, () => calls++);
    throttle.request();
    throttle.dispose();
    throttle.request();
    mock.timers.tick(10 * INTERVAL);
    assert.equal(calls, 0);
  });
});
