import assert from 'node:assert/strict';
import { defaultDrawing } from '../../../src/config/drawing.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import {
  defaultRequest,
  type GeneratedPiece,
  type GenerationPart,
  type GenerationRequest,
  requestFields,
  usedRequest,
} from '../../../src/protocol/generation.ts';
import type { RunSource } from '../../../src/protocol/trainer.ts';
import type { Inspector } from '../../../src/worker/inspector/inspector.ts';
import { checkRequest } from '../../../src/worker/inspector/checkRequest.ts';
import { OpenedRun } from '../../../src/worker/openedRun.ts';
import { translate } from '../../../src/worker/translate.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { generated, generatedText, request, rhyme, train } from './fixture.ts';
import { trainerOfTest } from './openTrainer.ts';

const asked = (changes: Partial<GenerationRequest> = {}): GenerationRequest => ({
  prompt: 'the cat',
  label: null,
  length: 40,
  ...defaultDrawing,
  seed: 7,
  samples: 1,
  beam: 1,
  ...changes,
});

/** A model that writes, here or in a trainer. */
type Writes = Pick<Inspector, 'nextGenerated' | 'beginGeneration'>;

/** The whole text of a request: its pieces and its end. */
async function write(model: Writes, changes: Partial<GenerationRequest> = {}) {
  const begun = await model.beginGeneration(asked(changes));
  const pieces: GeneratedPiece[] = [];
  let end: GenerationPart['end'] = null;
  while (!end) {
    const part = await model.nextGenerated(begun.id);
    pieces.push(...part.pieces);
    ({ end } = part);
  }
  return { ...begun, pieces, end, text: pieces.map(({ text }) => text).join('') };
}

describe('generation with probabilities', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  async function opened(config: RunConfigInput, source?: RunSource) {
    const base = request(home(), config);
    const start = {
      ...base,
      config: config.task ? parseRunConfig(config) : base.config,
      source: source ?? base.source,
    };
    const { folder } = await train(start);
    const { backends } = base;
    const run = await OpenedRun.open(folder, backends);
    /** The text of `sequence-lab generate`. */
    const command = async (changes: Partial<GenerationRequest>) =>
      generatedText({ folder, backends, ...asked(changes) });
    return { folder, backends, run, command, model: run.inspector };
  }

  describe('of a language model', () => {
    let language: Awaited<ReturnType<typeof opened>>;
    before(async () => {
      language = await opened({ training: { steps: 60 } });
    });
    after(() => language.run.dispose());

    it('describes what the model writes', () => {
      const form = { kind: 'continues', tokenKind: 'character', labels: [], beam: 1 };
      assert.deepEqual(language.model.describeWriter(), form);
    });

    it('writes the text of the command line for the same seed, and the same text again', async () => {
      for (const changes of [{}, { temperature: 0 }, { seed: 8, temperature: 2, prompt: '' }]) {
        const { text, pieces, end } = await write(language.model, changes);
        assert.equal(text, await language.command(changes));
        assert.equal(text, (await write(language.model, changes)).text);
        assert.deepEqual([pieces.length, end], [40, { reason: 'complete', beam: [] }]);
      }
      assert.notEqual((await write(language.model)).text, (await write(language.model, { seed: 8 })).text);
    });

    it('gives each token the surprisal that reading the text gives it', async () => {
      const { text, pieces, step } = await write(language.model, { temperature: 1.5 });
      const read = { reader: 'test', text: `the cat${text}`, from: 7, top: 10 };
      const inspected = await language.model.inspect(read);
      assert.equal(step, inspected.step);
      for (const [at, { drawn }] of pieces.entries()) {
        assert.ok(Math.abs((drawn?.surprisal ?? 0) - (inspected.surprisal[at] ?? 0)) < 1e-4);
        assert.deepEqual(
          drawn?.top.slice(0, 2).map(({ token }) => token),
          inspected.top[at]?.slice(0, 2).map(({ token }) => token),
        );
      }
    });

    it('takes the most likely token at temperature 0, and with top-k 1', async () => {
      const { text, pieces } = await write(language.model, { temperature: 0 });
      assert.equal((await write(language.model, { temperature: 5, topK: 1 })).text, text);
      for (const { drawn } of pieces) {
        assert.equal(drawn?.after, 1);
        assert.equal(drawn?.top.find(({ token }) => token !== '<unk>')?.token, drawn?.token);
      }
    });

    it('ends before a stop string, here and on the command line', async () => {
      const whole = await write(language.model, { length: 200 });
      const stop = whole.text.slice(60, 63);
      const { text, pieces } = await write(language.model, { length: 200, stop: stop.replaceAll('\n', '\\n') });
      assert.equal(text, whole.text.slice(0, whole.text.indexOf(stop)));
      assert.deepEqual(
        pieces.map((piece) => piece.text),
        [...text],
      );
      assert.equal(text, await language.command({ length: 200, stop: stop.replaceAll('\n', '\\n') }));
    });

    it('writes several texts, each independent of how many there are', async () => {
      const { folder, backends } = language;
      const { pieces } = await write(language.model, { samples: 3 });
      const begins = pieces.flatMap((piece, at) => (piece.begins === undefined ? [] : [{ at, number: piece.begins }]));
      assert.deepEqual(
        begins.map(({ number }) => number),
        [1, 2, 3],
      );
      const texts = begins.map(({ at }, index) =>
        pieces
          .slice(at, begins[index + 1]?.at)
          .map((piece) => piece.text)
          .join(''),
      );
      assert.equal(texts[0], (await write(language.model)).text);
      assert.equal(new Set(texts).size, 3);
      const found = await generated({ folder, backends, ...asked({ samples: 5 }) });
      assert.deepEqual(
        found.slice(0, 3).map(({ text }) => text),
        texts,
      );
    });

    it('describes on request the tokens of each text as the panel does', async () => {
      const { folder, backends } = language;
      const rules = { topK: 8, topP: 0.9, minP: 0.01, repetitionPenalty: 1.3 };
      const { pieces } = await write(language.model, rules);
      const [found] = await generated({ folder, backends, describe: true, ...asked(rules) });
      assert.deepEqual(found?.pieces, pieces);
    });

    it('finds with a wide beam the most likely texts of all', async () => {
      const { folder, backends, model } = language;
      const length = 2;
      const read = async (text: string) => {
        const { top } = await model.inspect({ reader: 'test', text: `the cat${text}a`, from: 6, top: 40 });
        // What is expected in place of the last character.
        return top.at(-1) ?? [];
      };
      const likelihoods: [text: string, mean: number][] = [];
      for (const first of (await read('')).filter(({ token }) => token !== '<unk>')) {
        for (const each of (await read(first.token)).filter(({ token }) => token !== '<unk>'))
          likelihoods.push([first.token + each.token, Math.log(first.probability * each.probability) / 2]);
      }
      likelihoods.sort((a, b) => b[1] - a[1]);
      const found = await generated({ folder, backends, ...asked({ length, beam: 40 }) });
      assert.deepEqual(
        found.slice(0, 5).map(({ text }) => text),
        likelihoods.slice(0, 5).map(([text]) => text),
      );
      for (const [index, { logProbability = NaN }] of found.slice(0, 5).entries())
        assert.ok(Math.abs(logProbability - likelihoods[index]![1]) < 1e-4);
      const { end } = await write(model, { length, beam: 40 });
      assert.deepEqual(
        end?.beam.map(({ text }) => text),
        found.map(({ text }) => text),
      );
    });

    it('ends each text of a beam before a stop string', async () => {
      const { folder, backends } = language;
      const found = await generated({ folder, backends, ...asked({ length: 60, beam: 4, stop: 't' }) });
      assert.ok(found.length > 0);
      for (const { text } of found) assert.ok(!text.includes('t'));
      assert.ok(found.some(({ text }) => text.length < 60));
    });

    it('names the characters of the prompt that are not in the vocabulary, each once', async () => {
      assert.deepEqual((await write(language.model, { prompt: 'Zé cat é\u{1f600}' })).unknown, ['Z', 'é', '\u{1f600}']);
      assert.deepEqual((await write(language.model, { prompt: '' })).unknown, []);
    });

    it('ends when it is canceled, and when another text begins', async () => {
      const { model } = language;
      const first = await model.beginGeneration(asked({ length: 5000 }));
      assert.equal((await model.nextGenerated(first.id)).end, null);
      model.cancelGenerated(first.id);
      let [count, end] = [0, null as GenerationPart['end']];
      while (!end) {
        const part = await model.nextGenerated(first.id);
        count += part.pieces.length;
        ({ end } = part);
      }
      assert.deepEqual(end, { reason: 'canceled', beam: [] });
      assert.ok(count < 5000);

      const second = await model.beginGeneration(asked({ length: 5000 }));
      const { text } = await write(model);
      assert.equal(text, await language.command({}));
      await assert.rejects(model.nextGenerated(second.id), { name: 'Error' });
    });
  });

  it('writes words', async () => {
    const { model, run, command } = await opened({
      backend: 'reference',
      task: { name: 'language-model', tokens: 'word' },
      data: { sequenceLength: 8 },
      model: { units: 8 },
      training: { batchSize: 2, steps: 20, validateEvery: 20 },
    });
    const { text, pieces, unknown } = await write(model, { prompt: 'the owl sat' });
    assert.deepEqual([unknown, pieces.length], [[' owl'], 40]);
    assert.equal(text, await command({ prompt: 'the owl sat' }));
    assert.equal(model.describeWriter().tokenKind, 'word');
    run.dispose();
  });

  it('writes for a label, and for all labels in turn', async () => {
    const table = ['label\ttext', 'low\taba', 'low\tbaab', 'low\tabba', 'high\tyzy', 'high\tzzy', 'high\tyyz'].join(
      '\n',
    );
    const { model, run, command } = await opened(
      {
        backend: 'reference',
        task: { name: 'conditioned-generation' },
        data: { validationShare: 0.34 },
        model: { units: 8 },
        training: { batchSize: 4, steps: 60, validateEvery: 60, learningRate: 0.03 },
      },
      { kind: 'text', text: table, name: 'words.tsv' },
    );
    assert.deepEqual(model.describeWriter().labels, ['high', 'low']);
    const lines = (text: string) => text.split('\n').map((line) => line.trim());
    for (const changes of [
      { label: 'low', prompt: '' },
      { label: null, prompt: '' },
      { label: null, prompt: 'a' },
    ]) {
      const { text, pieces } = await write(model, changes);
      assert.deepEqual(lines(text), lines(await command(changes)));
      assert.ok(pieces.some(({ drawn }) => drawn?.token === '<end>'));
      const given = pieces.filter(({ drawn, text: piece }) => !drawn && piece !== '\n').map((piece) => piece.text);
      assert.deepEqual(
        new Set(given),
        new Set([...(changes.label === null ? ['high: ', 'low: '] : []), ...(changes.prompt ? [changes.prompt] : [])]),
      );
    }
    await assert.rejects(write(model, { label: 'Low' }), errorWith({ name: 'UnusableError' }, '"Low"', 'high, low'));
    run.dispose();
  });

  it('converts a text greedily, and lists the texts of a beam search', async () => {
    const { model, run, folder, backends } = await opened(
      {
        backend: 'reference',
        task: { name: 'reversing', longest: 4, validationPairs: 10, beam: 3 },
        model: { units: 8, attention: 'dot' },
        training: { batchSize: 8, steps: 40, validateEvery: 40, learningRate: 0.02 },
      },
      { kind: 'generated' },
    );
    const { beam, kind } = model.describeWriter();
    assert.deepEqual([kind, beam], ['converts', 3]);
    for (const prompt of ['abc', 'dd', 'e']) {
      const wanted = { ...defaultRequest, prompt: `${prompt}?`, beam };
      const { pieces, end, text, unknown } = await write(model, wanted);
      assert.equal((await generated({ folder, backends, ...asked(), ...wanted }))[0]?.text, end?.beam[0]?.text);
      assert.deepEqual(unknown, ['?']);
      assert.ok(pieces.every(({ drawn }) => drawn?.after === 1));
      assert.ok((end?.beam.length ?? 0) >= 2);
      const probabilities = end?.beam.map(({ logProbability }) => logProbability) ?? [];
      assert.deepEqual(
        probabilities,
        probabilities.toSorted((a, b) => b - a),
      );
      assert.deepEqual(await translate(folder, [`${prompt}?`], backends), [end?.beam[0]?.text]);
      // The surprisals of the greedy text are those of the same text in the beam, if it has found it.
      const found = end?.beam.find((each) => each.text === text.trim());
      const mean = pieces.reduce((sum, { drawn }) => sum + (drawn?.surprisal ?? 0), 0) / pieces.length;
      if (found && pieces.at(-1)?.drawn?.token === '<end>') assert.ok(mean <= -found.logProbability + 1 && mean > 0);
    }
    for (const unused of [{ topK: 3 }, { temperature: 0.1 }, { samples: 2 }, { seed: 3 }]) {
      const wanted = { ...asked(), ...defaultRequest, ...unused };
      const refusal = errorWith({ name: 'ConfigError', fields: Object.keys(unused) });
      await assert.rejects(model.beginGeneration(wanted), refusal);
      await assert.rejects(generated({ folder, backends, ...wanted }), refusal);
    }
    run.dispose();
  });

  describe('of each kind of model', () => {
    /** Values other than the defaults. */
    const others: Omit<GenerationRequest, 'prompt'> = {
      label: 'low',
      length: 9,
      temperature: 0.3,
      topK: 2,
      topP: 0.5,
      minP: 0.1,
      repetitionPenalty: 2,
      stop: 'q',
      seed: 4,
      samples: 2,
      beam: 2,
    };
    const fields = Object.keys(others) as (keyof typeof others)[];

    it('has the fields that it uses, and keeps them', () => {
      for (const kind of ['continues', 'labeled', 'converts'] as const) {
        const kept = usedRequest({ prompt: 'p', ...others }, kind);
        assert.equal(kept.prompt, 'p');
        for (const field of fields)
          assert.equal(kept[field], requestFields[kind].includes(field) ? others[field] : defaultRequest[field]);
        checkRequest({ kind }, kept);
      }
    });

    it('refuses each other field, which it names', () => {
      for (const kind of ['continues', 'labeled', 'converts'] as const) {
        for (const field of fields) {
          const check = () => checkRequest({ kind }, { prompt: '', ...defaultRequest, [field]: others[field] });
          if (requestFields[kind].includes(field)) check();
          else {
            const option = `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
            assert.throws(check, errorWith({ name: 'ConfigError', fields: [field] }, option));
          }
        }
      }
    });
  });

  it('rejects models that write no text', async () => {
    const { model, run } = await opened(
      {
        backend: 'reference',
        task: { name: 'recall', distance: 5 },
        model: { units: 4 },
        training: { steps: 2, validateEvery: 2 },
      },
      { kind: 'generated' },
    );
    assert.throws(() => model.describeWriter(), { name: 'Error' });
    await assert.rejects(model.beginGeneration(asked()), { name: 'Error' });
    run.dispose();
  });

  describe('of a run in training', () => {
    const trainer = trainerOfTest();

    it('has one model from the first token to the last, also while the run is paused', async () => {
      const { trainer: remote, next } = trainer();
      const begun = next((event) => event.event === 'step' && event.step >= 3);
      await remote.start(request(home(), { training: { steps: 1_000_000 } }));
      await begun;
      const long = await write(remote, { length: 200 });
      const later = next((event) => event.event === 'step' && event.step > long.step);
      await later;
      const paused = next((event) => event.event === 'paused' && event.paused);
      await remote.pause();
      await paused;
      const [held, again] = [await write(remote), await write(remote)];
      assert.ok(held.step > long.step);
      assert.deepEqual([held.step, held.text], [again.step, again.text]);
      const read = { reader: 'test', text: `the cat${held.text}`, from: 7, top: 1 };
      const { surprisal } = await remote.inspect(read);
      for (const [at, { drawn }] of held.pieces.entries())
        assert.ok(Math.abs((drawn?.surprisal ?? 0) - (surprisal[at] ?? 0)) < 1e-4);
      const ended = next(({ event }) => event === 'end');
      await remote.stop();
      await ended;
    });

    it('ends when the run is stopped', async () => {
      const { trainer: remote, next } = trainer();
      const begun = next((event) => event.event === 'step' && event.step >= 3);
      await remote.start(request(home(), { training: { steps: 1_000_000 } }, rhyme));
      await begun;
      await remote.beginGeneration(asked({ length: 5000 }));
      const ended = next(({ event }) => event === 'end');
      await remote.stop();
      const end = await ended;
      assert.ok(end.event === 'end' && end.reason === 'stopped');
    });
  });
});
