import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import * as z from 'zod';
import { isSystemError, textOf, UnusableError } from '../../../src/phrases/causes.ts';
import { phrase, say } from '../../../src/phrases/phrase.ts';

/** Words of the system, of JSON.parse and of schemas that no message may have. */
const FOREIGN = /errno|ENO|EACC|expected|received|token|Invalid input|undefined|JSON\.parse/;

const thrownBy = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};

const systemError = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: raw words, open '${path ?? ''}'`), { code, syscall: 'open', path });

describe('words of errors from elsewhere', () => {
  it('keeps the text of a phrased error', () => {
    const text = phrase('The run {0} is damaged.', 'a');
    assert.deepEqual(textOf(new UnusableError(text)), text);
  });

  it('says what is wrong with any text that is not JSON, in no words of the parser', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const error = thrownBy(() => JSON.parse(text));
        if (error === undefined) return;
        const message = say(textOf(error));
        assert.match(message, /JSON/);
        assert.doesNotMatch(message, FOREIGN);
      }),
    );
  });

  it('names the values that a schema refuses', () => {
    const schema = z.object({ step: z.int(), state: z.object({ seconds: z.number() }), list: z.array(z.string()) });
    const error = schema.safeParse({ step: 'x', state: {}, list: [1, 2, 3] }).error;
    const message = say(textOf(error));
    for (const place of ['"step"', '"state.seconds"', '"list[0]"', '2']) assert.ok(message.includes(place), message);
    assert.doesNotMatch(message, FOREIGN);
    assert.doesNotMatch(say(textOf(schema.safeParse(7).error)), FOREIGN);
  });

  it('names the path of every error of the system, and not the code of the common ones', () => {
    for (const code of Object.keys(constants.errno)) {
      const message = say(textOf(systemError(code, '/data/a.txt')));
      assert.ok(message.includes('"/data/a.txt"'), code);
      assert.doesNotMatch(message, /raw words/);
    }
    for (const code of ['ENOENT', 'ENOSPC', 'EACCES', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'EIO'])
      assert.ok(!say(textOf(systemError(code))).includes(code), code);
  });

  it('says what is wrong with a path that has a NUL, whatever is done with it', async () => {
    const error = await readFile('a\0b').catch((reason: unknown) => reason);
    assert.ok(error instanceof TypeError);
    assert.notEqual(textOf(error), error.message);
    assert.doesNotMatch(say(textOf(error)), FOREIGN);
    assert.ok(!isSystemError(Object.assign(new TypeError('another argument'), { code: 'ERR_INVALID_ARG_VALUE' })));
  });

  it('says that the heap of a thread is full', async () => {
    const worker = new Worker('const all = []; for (;;) all.push(new Array(1000).fill({}));', {
      eval: true,
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 4 },
    });
    const error = await new Promise<Error>((resolve) => worker.once('error', resolve));
    assert.notEqual(textOf(error), error.message);
    assert.doesNotMatch(say(textOf(error)), FOREIGN);
  });

  it('says that something is too large or nested too deeply', () => {
    const deep = (): number => deep() + 1;
    const messages = [
      thrownBy(deep),
      thrownBy(() => 'x'.repeat(2 ** 30)),
      thrownBy(() => new Float64Array(2 ** 53 - 1)),
    ].map((error) => {
      assert.ok(error instanceof RangeError);
      assert.notEqual(textOf(error), error.message);
      return say(textOf(error));
    });
    assert.equal(new Set(messages).size, 2);
  });
});
