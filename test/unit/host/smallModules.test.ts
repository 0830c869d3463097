import assert from 'node:assert/strict';
import { promptBefore } from '../../../src/host/inspection/textWindow.ts';
import { Disposables } from '../../../src/host/disposables.ts';
import { sortByFile } from '../../../src/host/runs/fileOrder.ts';
import { capabilitiesOf } from '../../../src/host/runs/capabilities.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { StderrTail } from '../../../src/host/trainerClient/stderrTail.ts';
import { runState, type RunView } from '../../../src/protocol/panel.ts';
import { newModel } from './examples.ts';

describe('prompt before the cursor', () => {
  it('has normalized line ends and no split surrogates', () => {
    assert.equal(promptBefore('a\r\nb'), 'a\nb');
    const prompt = promptBefore('😀'.repeat(700));
    assert.equal(prompt, '😀'.repeat(500));
  });
});

describe('last output of a trainer', () => {
  it('is its last lines without the stack', () => {
    const tail = new StderrTail();
    tail.add('Error: no room\n    at file.js:1\n');
    assert.match(say(tail.explain('It ended.')), /^It ended\. .*Error: no room$/);
    assert.equal(say(new StderrTail().explain('It ended.')), 'It ended.');
    const full = new StderrTail();
    full.add(
      'Error [ERR_WORKER_OUT_OF_MEMORY]: Worker terminated due to reaching memory limit: JS heap out of memory\n',
    );
    assert.doesNotMatch(say(full.explain('It ended.')), /ERR_|heap/);
    assert.ok(say(full.explain('It ended.')).length > 'It ended.'.length);
    const remarks = new StderrTail();
    remarks.add(
      'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\nI0000 00:00:1 2 port.cc:153] oneDNN custom operations are on.\n',
    );
    assert.equal(say(remarks.explain('It ended.')), 'It ended.', 'messages at the start of TensorFlow are omitted');
  });

  it('is bounded', () => {
    const tail = new StderrTail();
    for (let i = 0; i < 1000; i++) tail.add(`line ${i} ${'x'.repeat(100)}\n`);
    const message = say(tail.explain('It ended.'));
    assert.match(message, /line 999/);
    assert.ok(message.length < 5000);
  });
});

describe('actions of a run', () => {
  const runIn = (
    state: RunView['state'],
    { writes = true, backend = null, step = 5 }: Partial<Pick<RunView, 'writes' | 'backend'>> & { step?: number } = {},
  ) => ({ view: { state, writes, backend }, progress: { step } });

  it('never train a run twice or delete a training run', () => {
    for (const state of runState.options) {
      assert.ok(!capabilitiesOf(runIn(state), true).includes('resume'));
      assert.ok(!capabilitiesOf(runIn(state), true).includes('delete'));
    }
    assert.ok(!capabilitiesOf(runIn('running'), false).includes('delete'));
    assert.ok(capabilitiesOf(runIn('completed'), false).includes('generate'));
    assert.ok(!capabilitiesOf(runIn('completed', { writes: false }), false).includes('generate'));
    assert.ok(!capabilitiesOf(runIn('diverged'), false).includes('resume'));
  });

  it('resume a diverged run with changes only if it has made an update', () => {
    assert.deepEqual(capabilitiesOf(runIn('diverged'), false), ['resumeChanged', 'repeat', 'delete', 'generate']);
    assert.deepEqual(capabilitiesOf(runIn('diverged', { step: 0 }), false), ['delete']);
    assert.ok(capabilitiesOf(runIn('stopped', { step: 0 }), false).includes('resume'));
  });

  it('order a waiting run, and do not stop, pause or write with it', () => {
    assert.deepEqual(capabilitiesOf(runIn('waiting', { step: 0 }), true), ['reorder', 'dequeue', 'follow']);
    assert.deepEqual(capabilitiesOf(runIn('waiting'), false), []);
  });

  it('offer to resume on another backend only after native code', () => {
    const goesElsewhere = (name: string) =>
      capabilitiesOf(runIn('failed', { backend: { name, device: '', threads: 1, reason: '' } }), false).includes(
        'resumeElsewhere',
      );
    assert.deepEqual(['wasm', 'tensorflow', 'webgpu', 'reference'].filter(goesElsewhere), ['tensorflow', 'webgpu']);
  });
});

describe('model for a document', () => {
  const [newest, sameName, trained] = [
    newModel({ name: 'ulysses.txt', sourcePath: '/texts/ulysses.txt' }),
    newModel({ name: 'hamlet.txt', sourcePath: null }),
    newModel({ name: 'hamlet.txt', sourcePath: '/texts/hamlet.txt' }),
  ];
  const runs = [newest, sameName, trained];

  it('is the one trained on it, else one of a file with the same name, else the newest', () => {
    assert.deepEqual(sortByFile(runs, '/texts/hamlet.txt'), [trained, sameName, newest]);
    assert.deepEqual(sortByFile(runs, '/elsewhere/ulysses.txt'), [newest, sameName, trained]);
    assert.deepEqual(sortByFile(runs, '/texts/other.txt'), runs);
  });
});

describe('Disposables', () => {
  class Holder extends Disposables {
    hold(name: string, log: string[]): void {
      this.register({ dispose: () => log.push(name) });
    }
  }

  it('disposes in reverse order, and immediately after it was disposed', () => {
    const log: string[] = [];
    const holder = new Holder();
    holder.hold('a', log);
    holder.hold('b', log);
    holder.dispose();
    assert.deepEqual(log, ['b', 'a']);
    holder.hold('late', log);
    assert.deepEqual(log, ['b', 'a', 'late']);
    holder.dispose();
    assert.equal(log.length, 3);
  });
});
