import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../runs/temporary.ts';
import { defaultDrawing } from '../../../src/config/drawing.ts';
import { request } from './fixture.ts';
import { trainerOfTest } from './openTrainer.ts';
import { assertNames } from '../../harness/facts.ts';
import { say } from '../../../src/phrases/phrase.ts';

describe('TrainerServer in a worker thread', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const opened = trainerOfTest();

  it('sends every training step once and in order', async () => {
    const { trainer, events, next, failures } = opened();
    const ended = next(({ event }) => event === 'end');
    const { run } = await trainer.start(request(home()));
    const end = await ended;
    assert.ok(end.event === 'end' && end.run === run && end.reason === 'completed');
    assert.deepEqual(
      events.flatMap((event) => (event.event === 'step' ? event.step : [])),
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    assert.equal(events[0]?.event, 'start');
    assert.deepEqual(failures, []);
  });

  it('handles pause, unpause and stop during training', async () => {
    const { trainer, next } = opened();
    await trainer.start(request(home(), { training: { steps: 100_000 } }));
    const paused = next((event) => event.event === 'paused' && event.paused);
    await trainer.pause();
    await paused;
    const unpaused = next((event) => event.event === 'paused' && !event.paused);
    await trainer.unpause();
    await unpaused;
    const end = next(({ event }) => event === 'end');
    await trainer.stop();
    const event = await end;
    assert.ok(event.event === 'end' && event.reason === 'stopped');
  });

  it('rejects invalid input with its code, and can then start another run', async () => {
    const { trainer, next } = opened();
    await assert.rejects(trainer.start(request(home(), {}, '')), { name: 'InputError', code: 'empty' });
    await assert.rejects(trainer.pause(), { name: 'Error' });
    const ended = next(({ event }) => event === 'end');
    await trainer.start(request(home()));
    await assert.rejects(trainer.start(request(home())), { name: 'Error' });
    await ended;
  });

  it('rejects a second start while the first one is being prepared', async () => {
    const { trainer, next, events } = opened();
    const ended = next(({ event }) => event === 'end');
    const starts = await Promise.allSettled([trainer.start(request(home())), trainer.start(request(home()))]);
    assert.deepEqual(
      starts.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await ended;
    assert.equal(events.filter(({ event }) => event === 'start').length, 1);
    assert.equal((await readdir(join(home(), 'runs'))).length, 1);
  });

  it('rejects a second generation; the first one continues and can be cancelled', async () => {
    const { trainer, next, firstPiece } = opened();
    const ended = next(({ event }) => event === 'end');
    const { folder } = await trainer.start(request(home()));
    await ended;
    const length = 10_000_000;
    const { backends } = request(home());
    const generate = (size: number) =>
      trainer.generate({
        ...{ ...defaultDrawing, folder, prompt: 'the ', label: null, length: size, seed: 1, backends },
        ...{ samples: 1, beam: 1, describe: false },
      });
    const [first, second] = [generate(length), generate(10)];
    await assert.rejects(second);
    await firstPiece;
    await trainer.cancelGeneration();
    const [{ text } = { text: '' }] = await first;
    assert.ok(text.length > 0 && text.length < length);
    assert.equal((await generate(10))[0]?.text.length, 10);
  });

  it('lists every backend with a device or a reason', async () => {
    const reports = await opened().trainer.listBackends({ home: home(), tensorflowPath: '/nowhere', wideSimd: false });
    const reference = reports.find(({ name }) => name === 'reference');
    assert.deepEqual([reference?.loads, say(reference?.device ?? '')], [true, 'CPU, 1 thread']);
    const tensorflow = reports.find(({ name }) => name === 'tensorflow');
    assert.equal(tensorflow?.loads, false);
    assertNames(tensorflow?.reason, '@tensorflow/tfjs-node', '/nowhere');
  });
});
