import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Debounced } from '../../../src/host/inspection/debounced.ts';

const DELAY = 150;

function setUp() {
  const begun: { answer: (value: string) => void; refuse: (error: Error) => void }[] = [];
  const results: string[] = [];
  const debounced = new Debounced<string>({
    delay: DELAY,
    work: () => new Promise((answer, refuse) => void begun.push({ answer, refuse })),
    done: (result) => results.push(result),
    failed: (error) => results.push(String(error)),
  });
  return { debounced, begun, results };
}

describe('Debounced', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('starts work after the last request', () => {
    const { debounced, begun } = setUp();
    for (let i = 0; i < 5; i++) {
      debounced.request();
      mock.timers.tick(DELAY - 1);
    }
    assert.equal(begun.length, 0);
    mock.timers.tick(1);
    assert.equal(begun.length, 1);
  });

  it('drops a result or a failure if there is a newer request', async () => {
    const { debounced, begun, results } = setUp();
    for (let i = 0; i < 3; i++) {
      debounced.request();
      mock.timers.tick(DELAY);
    }
    begun[0]?.answer('first');
    begun[1]?.refuse(new Error('superseded'));
    begun[2]?.answer('third');
    await turn();
    assert.deepEqual(results, ['third']);
  });

  it('drops results after a cancellation, and starts no work', async () => {
    const { debounced, begun, results } = setUp();
    debounced.request();
    mock.timers.tick(DELAY);
    debounced.request();
    debounced.cancel();
    mock.timers.tick(DELAY);
    begun[0]?.answer('late');
    await turn();
    assert.deepEqual([begun.length, results], [1, []]);
  });

  it('reports a failure of the newest request', async () => {
    const { debounced, begun, results } = setUp();
    debounced.request();
    mock.timers.tick(DELAY);
    begun[0]?.refuse(new Error('no model'));
    await turn();
    assert.deepEqual(results, ['Error: no model']);
  });
});
