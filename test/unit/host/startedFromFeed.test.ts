import assert from 'node:assert/strict';
import { StartedFromFeed } from '../../../src/host/panel/startedFromFeed.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import type { StartedFrom } from '../../../src/protocol/startedFrom.ts';
import { newModel } from './examples.ts';

describe('StartedFromFeed', () => {
  const parent = newModel({ folder: '/runs/parent', name: 'ferry.txt' });
  const changes = { 'model.forgetBias': 3 };
  const child = newModel({ folder: '/runs/child', parent: { run: 'parent', reason: 'again', changes } });

  function setUp() {
    const stored = new Map<string, RunModel>([['child', child]]);
    const sent: (StartedFrom | null)[] = [];
    const feed = new StartedFromFeed(
      (id) => stored.get(id),
      (from) => void sent.push(from),
    );
    return { stored, sent, feed };
  }

  it('sends the parent with its changes, again only when it was found or deleted', () => {
    const { stored, sent, feed } = setUp();
    feed.send(child);
    feed.send(child);
    stored.set('parent', parent);
    feed.send(child);
    feed.send(child);
    stored.delete('parent');
    feed.send(child);
    const { title } = parent.view;
    const found = { reason: 'again', changes, run: { title } };
    assert.deepEqual(sent, [{ ...found, run: null }, found, { ...found, run: null }]);
  });

  it('sends null for a run without a parent, and everything to a new page', () => {
    const { sent, feed } = setUp();
    feed.send(parent);
    feed.send(child);
    feed.restart();
    feed.send(child);
    assert.deepEqual(
      sent.map((from) => from?.reason ?? null),
      [null, 'again', 'again'],
    );
  });
});
