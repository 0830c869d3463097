import assert from 'node:assert/strict';
import { LatestOnly } from '../../../webview/latestOnly.ts';

describe('LatestOnly', () => {
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

  it('sends the last of several pending requests', async () => {
    const { sent, requests, answer } = slow();
    for (const value of [1, 2, 3, 4]) requests.request(value);
    assert.deepEqual(sent, [1]);
    await answer();
    assert.deepEqual(sent, [1, 4]);
    await answer();
    requests.request(4);
    assert.deepEqual(sent, [1, 4, 4], 'an equal request is sent again after the first one is answered');
  });

  it('does not repeat the request in flight', async () => {
    const { sent, requests, answer } = slow();
    for (const value of [1, 2, 1]) requests.request(value);
    await answer();
    assert.deepEqual(sent, [1]);
  });
});
