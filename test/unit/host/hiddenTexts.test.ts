import assert from 'node:assert/strict';
import { hiddenTextsFor } from '../../../src/host/inspection/hiddenTextsFor.ts';

describe('texts that no editor shows', () => {
  const uris = (candidates: Parameters<typeof hiddenTextsFor>[0]) =>
    hiddenTextsFor(candidates).map(({ uri, elsewhere }) => `${uri} ${elsewhere}`);

  it('are the last edited one in a tab, the text of the run, and then the others in tabs', () => {
    assert.deepEqual(uris({ tabs: ['a', 'b'], last: 'b', own: 'c' }), ['b tab', 'c run', 'a tab']);
    assert.deepEqual(uris({ tabs: ['a', 'b'], last: undefined, own: 'b' }), ['b tab', 'a tab']);
  });

  it('exclude the last edited one after its tab was closed', () => {
    assert.deepEqual(uris({ tabs: ['a'], last: 'b', own: undefined }), ['a tab']);
    assert.deepEqual(uris({ tabs: [], last: 'b', own: 'b' }), ['b run']);
    assert.deepEqual(uris({ tabs: [], last: undefined, own: undefined }), []);
  });
});
