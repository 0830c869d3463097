import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { TrainerHolder } from '../../../src/host/trainerClient/holder.ts';
import { say } from '../../../src/phrases/phrase.ts';
import { startDeferred } from '../../../src/host/trainerClient/deferredHolder.ts';
import { assertNames } from '../../harness/facts.ts';

/** A holder that starts on request, with a record of the calls to its trainer. */
function later() {
  const happened: unknown[] = [];
  let listener: (message: unknown) => void = () => undefined;
  let die: (reason: string) => void = () => undefined;
  const started: TrainerHolder = {
    pid: 7,
    port: {
      post: (message) => happened.push(message),
      onMessage: (heard) => {
        listener = heard;
      },
      close: () => happened.push('closed'),
    },
    onExit: (told) => {
      die = told;
    },
    kill: () => happened.push('killed'),
  };
  let know: (word: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const known = new Promise<string>((resolve, reject) => {
    know = resolve;
    fail = reject;
  });
  const holder = startDeferred(known, (word) => {
    happened.push(`started with ${word}`);
    return started;
  });
  const reasons: string[] = [];
  holder.onExit((reason) => reasons.push(say(reason)));
  return {
    holder,
    happened,
    reasons,
    know,
    fail,
    hear: (message: unknown) => listener(message),
    die: (reason: string) => die(reason),
  };
}

describe('deferred holder', () => {
  it('queues messages in order until the trainer starts', async () => {
    const { holder, happened, reasons, know, hear, die } = later();
    const heard: unknown[] = [];
    holder.port.onMessage((message) => heard.push(message));
    holder.port.post(1);
    holder.port.post(2);
    assert.deepEqual([holder.pid, happened], [undefined, []]);
    know('it');
    await turn();
    holder.port.post(3);
    hear('answer');
    assert.deepEqual([holder.pid, happened, heard], [7, ['started with it', 1, 2, 3], ['answer']]);
    holder.kill();
    die('It ended.');
    assert.equal(happened.at(-1), 'killed');
    assert.deepEqual(reasons, ['It ended.']);
  });

  it('reports its end immediately if it is killed before the start, and never starts', async () => {
    const { holder, happened, reasons, know } = later();
    holder.kill();
    assert.equal(reasons.length, 1);
    know('it');
    await turn();
    assert.deepEqual([happened, reasons.length], [[], 1]);
  });

  it('ends with the reason if it cannot start', async () => {
    const { happened, reasons, fail } = later();
    fail(new Error('no disk'));
    await turn();
    assert.deepEqual([happened, reasons.length], [[], 1]);
    assertNames(reasons[0], 'no disk');
  });
});
