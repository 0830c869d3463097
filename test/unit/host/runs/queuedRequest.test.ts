import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { isStorable, type QueuedRequest, readRequests } from '../../../../src/host/runs/queuedRequest.ts';

const config = parseRunConfig({ seed: 7 });
const start = (training: object): QueuedRequest => ({
  kind: 'start',
  training: { config, source: { kind: 'file', path: '/texts/hamlet.txt' }, name: 'hamlet.txt', ...training },
});

const requests: QueuedRequest[] = [
  start({}),
  start({
    source: { kind: 'text', text: 'a text', name: 'Untitled-1' },
    notices: ['A notice.'],
    comparison: 'comparison-1',
    parent: { run: 'parent', reason: 'again', changes: { 'model.units': 32 } },
    initial: { folder: '/runs/parent', extend: true },
  }),
  { kind: 'repeat', run: 'original' },
  { kind: 'resume', run: 'stopped', changes: { steps: 200 } },
];

describe('requests of waiting runs', () => {
  it('are read as they were stored, in their order', () => {
    assert.deepEqual(readRequests(JSON.parse(JSON.stringify(requests))), requests);
  });

  it('that are damaged, or of another version, are left out', () => {
    const [first] = requests;
    assert.deepEqual(readRequests([{ kind: 'other' }, first, null, { ...first, training: {} }]), [first]);
    for (const stored of [undefined, null, {}, 'text']) assert.deepEqual(readRequests(stored), []);
  });

  it('are stored unless a lesson trains the run, or its text is long', () => {
    assert.ok(requests.every(isStorable));
    assert.ok(!isStorable(start({ lessonRun: 'clipped' })));
    assert.ok(!isStorable(start({ source: { kind: 'text', text: 'x'.repeat(2_000_000), name: 'Untitled-1' } })));
  });
});
