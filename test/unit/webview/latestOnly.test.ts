import assert from 'node:assert/strict';
import { LatestOnly } from '../../../webview/latestOnly.ts';

describe('one request at a time', () => {
  function slow() {
    const sent: number[] = [];
    let finish: (() => void) | undefined;
    const requests = new LatestOnly<number>(
      (value) => new Promise((resolve) => void (sent.push(value), (finish = resolve))),
      (a, b) => a === b,
    );
    const answer = async () => {
      finish?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { sent, requests, answer };
  }

  it('sends the last of what was asked for meanwhile', async () => {
    const { sent, requests, answer } = slow();
    for (const value of [1, 2, 3, 4]) requests.request(value);
    assert.deepEqual(sent, [1]);
    await answer();
    assert.deepEqual(sent, [1, 4]);
    await answer();
    requests.request(4);
    assert.deepEqual(sent, [1, 4, 4], 'the same again is a new request once the first is answered');
  });

  it('does not ask twice for what is on its way', async () => {
    const { sent, requests, answer } = slow();
    for (const value of [1, 2, 1]) requests.request(value);
    await answer();
    assert.deepEqual(sent, [1]);
  });
});
