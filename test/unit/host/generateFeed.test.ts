import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { GenerateFeed } from '../../../src/host/panel/generateFeed.ts';
import type { GenerationPart, GenerationRequest } from '../../../src/protocol/generation.ts';
import type { GenerationChange } from '../../../src/protocol/generateTab.ts';
import { MadeUpInspector } from '../../fixtures/madeUpInspector.ts';
import { defaultDrawing } from '../../../src/config/drawing.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { generatedText, request as training, train } from '../worker/fixture.ts';
import { trainerOfTest } from '../worker/openTrainer.ts';
import { newModel } from './examples.ts';

const request: GenerationRequest = {
  prompt: 'To be',
  label: null,
  length: 10,
  ...defaultDrawing,
  temperature: 1,
  seed: 1,
  samples: 1,
  beam: 1,
};
const piece = (text: string) => ({ text, drawn: null });

/** A model whose texts the test writes. */
class Writer extends MadeUpInspector {
  readonly canceled: number[] = [];
  readonly requests: GenerationRequest[] = [];
  /** Pending requests for the next part. */
  readonly #waiting: { resolve: (part: GenerationPart) => void; reject: (error: Error) => void }[] = [];
  open: Promise<void> = Promise.resolve();

  override readonly beginGeneration = async (asked: GenerationRequest) => {
    await this.open;
    this.requests.push(asked);
    return { id: 100 + this.requests.length, step: 7, unknown: ['é'] };
  };
  override readonly nextGenerated = async () =>
    new Promise<GenerationPart>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  override readonly cancelGenerated = async (id: number) => void this.canceled.push(id);

  async write(text: string, end: GenerationPart['end'] = null): Promise<void> {
    this.#waiting.shift()?.resolve({ pieces: Array.from(text, piece), end });
    await turn();
  }

  async fail(message: string): Promise<void> {
    this.#waiting.shift()?.reject(new Error(message));
    await turn();
  }
}

describe('GenerateFeed', () => {
  const end = (reason: 'complete' | 'canceled') => ({ reason, beam: [] });

  function setUp() {
    const model = new Writer();
    const sent: GenerationChange[] = [];
    const feed = new GenerateFeed({
      send: (change) => void sent.push(change),
      inspectors: { ask: async (_, question) => question(model) },
      isTraining: () => false,
      onError: (error) => assert.fail(String(error)),
    });
    const run = newModel();
    feed.restart(run);
    feed.send();
    /** The text that a page has after all messages. */
    const shown = () => {
      const last = sent.at(-1) ?? assert.fail('nothing was sent');
      const pieces: string[] = [];
      for (const { id, from, pieces: more } of sent)
        if (id === last.id) pieces.splice(from, Infinity, ...more.map(({ text }) => text));
      return { ...last, text: pieces.join('') };
    };
    return { model, sent, feed, run, shown };
  }

  it('sends the parts of a text as they arrive, each once', async () => {
    const { model, sent, feed, shown } = setUp();
    await feed.functions().generate(request);
    await turn();
    assert.deepEqual(model.requests, [request]);
    await model.write(' or');
    await model.write(' not', end('complete'));
    assert.deepEqual(
      sent.map(({ state, from, pieces }) => [state, from, pieces.length]),
      [
        ['opening', 0, 0],
        ['writing', 0, 3],
        ['complete', 3, 4],
      ],
    );
    assert.deepEqual([shown().text, shown().begun], [' or not', { step: 7, unknown: ['é'] }]);
    feed.send();
    assert.equal(sent.length, 3);
  });

  it('cancels a text on request, for a new one, for another run, and when the page is closed', async () => {
    const { model, feed, shown } = setUp();
    const { generate, stopGenerating } = feed.functions();
    await generate(request);
    await turn();
    await stopGenerating();
    await stopGenerating();
    assert.deepEqual(model.canceled, [101]);
    await model.write('x', end('canceled'));
    assert.deepEqual([shown().state, shown().text], ['canceled', 'x']);
    await stopGenerating();
    assert.deepEqual(model.canceled, [101], 'it is over');

    await generate(request);
    await turn();
    await generate({ ...request, seed: 2 });
    await turn();
    assert.deepEqual(model.canceled, [101, 102]);
    await model.fail('replaced');
    assert.deepEqual([shown().state, shown().request.seed], ['opening', 2], 'the one before is not sent any more');
    await model.write('y');
    assert.deepEqual([shown().state, shown().text], ['writing', 'y']);

    feed.cancel();
    assert.deepEqual(model.canceled, [101, 102, 103]);
    await model.write('z', end('canceled'));
    await generate(request);
    await turn();
    feed.restart(newModel({ folder: '/runs/another' }));
    assert.deepEqual(model.canceled, [101, 102, 103, 104]);
  });

  it('does not begin a text that was canceled while its model was opened, or cancels it at once', async () => {
    const { model, feed, shown } = setUp();
    let open: () => void = () => assert.fail('it was not asked');
    model.open = new Promise<void>((resolve) => {
      open = resolve;
    });
    await feed.functions().generate(request);
    feed.cancel();
    await turn();
    open();
    await turn();
    await model.write('', end('canceled'));
    assert.equal(shown().state, 'canceled');
    assert.ok(model.requests.length === 0 || model.canceled.length === 1);
  });

  it('goes on while another tab is visible, and sends what was missed', async () => {
    const { model, sent, feed, shown } = setUp();
    await feed.functions().generate(request);
    await turn();
    await model.write('a');
    feed.pause();
    await model.write('b');
    await model.write('c', end('complete'));
    assert.equal(sent.length, 2);
    feed.send();
    assert.deepEqual([sent.length, shown().text, shown().state], [3, 'abc', 'complete']);
  });

  it('sends the text again to a new page of the same run, and forgets it with another run', async () => {
    const { model, sent, feed, run, shown } = setUp();
    await feed.functions().generate(request);
    await turn();
    await model.write('abc', end('complete'));
    feed.restart(run);
    feed.send();
    assert.deepEqual([sent.at(-1)?.from, shown().text], [0, 'abc']);
    const { length } = sent;
    feed.restart(newModel({ folder: '/runs/another' }));
    feed.send();
    assert.equal(sent.length, length);
  });

  it('sends the reason of a failure, with what was written', async () => {
    const { model, feed, shown } = setUp();
    await feed.functions().generate(request);
    await turn();
    await model.write('ab');
    await model.fail('The trainer has ended.');
    assert.deepEqual([shown().state, shown().message, shown().text], ['failed', 'The trainer has ended.', 'ab']);
  });

  it('rejects requests without a run', async () => {
    const { feed } = setUp();
    feed.restart(undefined);
    await assert.rejects(async () => feed.functions().generate(request), { name: 'Error' });
    await assert.rejects(async () => feed.functions().describeWriter(), { name: 'Error' });
  });
});

describe('GenerateFeed with a trainer', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const opened = trainerOfTest();

  it('sends the text of the command line in a few messages', async () => {
    const { folder } = await train(training(home()));
    const { trainer } = opened();
    const { backends } = training(home());
    await trainer.openRun({ folder, backends });
    const asked = { ...request, prompt: 'the cat', length: 300, seed: 5 };
    const sent: GenerationChange[] = [];
    const started = performance.now();
    await new Promise<void>((resolve) => {
      const feed = new GenerateFeed({
        send: (change) => {
          sent.push(change);
          if (change.state !== 'opening' && change.state !== 'writing') resolve();
        },
        inspectors: { ask: async (_, question) => question(trainer) },
        isTraining: () => false,
        onError: (error) => assert.fail(String(error)),
      });
      feed.restart(newModel({ folder }));
      feed.send();
      void feed.functions().generate(asked);
    });
    const elapsed = performance.now() - started;
    const text = sent.flatMap(({ pieces }) => pieces.map((each) => each.text)).join('');
    assert.equal(text, await generatedText({ folder, backends, ...asked }));
    assert.ok(sent.length <= 4 + elapsed / 45, `${sent.length} messages in ${elapsed} ms`);
    assert.equal(sent.at(-1)?.state, 'complete');
  });
});
