import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { firstDifferent, runDifference, type RunDifference } from '../../../src/protocol/difference.ts';
import type { MetricEvent } from '../../../src/protocol/events.ts';
import { newSha256 } from '../../../src/platform/hashing.ts';
import { differenceOf, isEqual, type LoggedRun } from '../../../src/runs/difference.ts';
import { readDifference } from '../../../src/runs/readDifference.ts';
import { storedText } from '../../../src/data/storedText.ts';
import type { RunPart } from '../../../src/runs/runPart.ts';
import { sheetOfTexts, workbook } from '../../fixtures/workbook.ts';
import { exampleRecord, writeExample } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

const loss = fc.option(fc.float({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1000 }), { nil: null });

/** A log of up to 30 steps, some of them validated. */
const logs = fc
  .array(
    fc.record({
      loss,
      gradientNorm: loss,
      validation: fc.option(loss, { nil: undefined }),
      accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    {
      maxLength: 30,
    },
  )
  .map((rows) =>
    rows.flatMap(({ loss: value, gradientNorm, validation, accuracy }, place): MetricEvent[] => [
      {
        event: 'step',
        step: place + 1,
        loss: value,
        gradientNorm,
        clippedGradientNorm: gradientNorm,
        learningRate: 0.01,
        itemsPerSecond: 100,
        seconds: place,
      },
      ...(validation === undefined
        ? []
        : [{ event: 'validation', step: place + 1, loss: validation, n: 5, scores: { accuracy } } as const]),
    ]),
  );

const part: RunPart = {
  from: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  learningRate: 0.01,
  clipNorm: 1,
  backend: { name: 'wasm', device: 'CPU, 1 thread', threads: 1, reason: 'test' },
  versions: { node: '24' },
  machine: null,
  workspace: null,
};

const records = fc
  .record({
    cell: fc.constantFrom('lstm', 'gru'),
    units: fc.integer({ min: 1, max: 3 }),
    sha256: fc.constantFrom('ab', 'cd'),
    node: fc.constantFrom('22', '24'),
    resumedOn: fc.option(fc.constantFrom('wasm', 'reference'), { nil: undefined }),
  })
  .map(({ cell, units, sha256, node, resumedOn }) =>
    exampleRecord('run', {
      config: { model: { cell, units } },
      source: { path: '/texts/hamlet.txt', sha256, snapshot: false, files: [] },
      parts: [
        { ...part, versions: { node } },
        ...(resumedOn === undefined
          ? []
          : [{ ...part, from: 10, versions: { node }, backend: { ...part.backend, name: resumedOn } }]),
      ],
    }),
  );

const runs: fc.Arbitrary<LoggedRun> = fc.record({ record: records, metrics: logs });

/** A difference with the runs exchanged, in an order that does not depend on theirs. */
function sorted(difference: RunDifference, exchanged: boolean): unknown {
  const pair = <Value>([a, b]: readonly [Value, Value]) => (exchanged ? [b, a] : [a, b]);
  const contrasts = <Entry extends { readonly values: readonly [unknown, unknown] }>(entries: readonly Entry[]) =>
    entries.map((entry) => JSON.stringify({ ...entry, values: pair(entry.values) })).sort();
  return {
    runs: pair(difference.runs),
    names: pair(difference.data.names),
    equal: difference.data.equal,
    files: difference.data.files.map(({ role, sha256 }) => ({ role, sha256: pair(sha256) })),
    config: contrasts(difference.config),
    trainers: contrasts(difference.trainers),
    steps: pair(difference.steps),
    quantities: difference.quantities.map(({ first, largest, ...rest }) => ({
      ...rest,
      first: first && { ...first, values: pair(first.values) },
      largest: largest && { ...largest, values: pair(largest.values) },
    })),
  };
}

describe('the difference of two runs', () => {
  it('is empty for a run and itself, and passes its schema', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const difference = differenceOf(run, structuredClone(run));
        assert.ok(isEqual(difference));
        assert.deepEqual([difference.config, difference.trainers, difference.data.files], [[], [], []]);
        assert.equal(firstDifferent(difference.quantities), undefined);
        runDifference.parse(difference);
      }),
    );
  });

  it('is the mirror image of the difference in the other direction', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        assert.deepEqual(sorted(differenceOf(a, b), false), sorted(differenceOf(b, a), true));
        runDifference.parse(JSON.parse(JSON.stringify(differenceOf(a, b))));
      }),
    );
  });

  it('finds a changed number at its step, with its quantity and size', () => {
    fc.assert(
      fc.property(runs, fc.nat(), fc.constantFrom('loss', 'gradientNorm'), (run, place, quantity) => {
        const steps = run.metrics.filter((event) => event.event === 'step');
        const chosen = steps[place % Math.max(1, steps.length)];
        if (!chosen) return;
        const before = chosen[quantity] ?? 1;
        const changed = Math.fround(before * 2 + 1);
        const metrics = run.metrics.map((event) => (event === chosen ? { ...chosen, [quantity]: changed } : event));
        const difference = differenceOf(run, { ...run, metrics });
        const found = firstDifferent(difference.quantities);
        assert.equal(found?.metric, quantity === 'loss' ? 'trainLoss' : quantity);
        assert.equal(found.differing, 1);
        assert.equal(found.first?.step, chosen.step);
        assert.deepEqual(found.first.values, [chosen[quantity], changed]);
        assert.equal(found.first.ulps === null, chosen[quantity] === null);
        assert.ok(!isEqual(difference));
      }),
    );
  });

  it('names the facts of the trainers from the step at which they begin to differ', () => {
    const run = (parts: RunPart[]) => ({ record: exampleRecord('run', { parts }), metrics: [] });
    const resumed = { ...part, from: 10, backend: { ...part.backend, name: 'reference' }, versions: { node: '22' } };
    const commit = { ...part, workspace: { commit: 'abc', dirty: true } };
    assert.deepEqual(differenceOf(run([part]), run([commit, resumed])).trainers, [
      { fact: 'workspace', from: 0, values: [null, 'abc+'] },
      { fact: 'backend', from: 10, values: ['wasm', 'reference'] },
      { fact: 'versions.node', from: 10, values: ['24', '22'] },
    ]);
  });

  describe('on disk', () => {
    const home = temporaryFolder();

    const difference = async (a: string, b: string, most = 1000) =>
      readDifference([a, b], async (path) => storedText({ kind: 'file', path }, most));

    async function runOn(id: string, text: string | Uint8Array, snapshot: boolean): Promise<string> {
      const path = join(home(), `${id}.txt`);
      const sha256 = newSha256().update(text).digest('hex');
      const source = { path, sha256, snapshot, files: [{ role: 'train' as const, path, sha256 }] };
      const folder = await writeExample(home(), exampleRecord(id, { source }));
      await writeFile(snapshot ? join(folder, 'text.txt') : path, text);
      return folder;
    }

    it('counts the lines of the data from copies and unchanged files, not from changed ones', async () => {
      const [a, b] = [await runOn('a', 'one\ntwo\nthree\n', true), await runOn('b', 'one\n2\nthree\nfour\n', false)];
      const { data } = await difference(a, b);
      assert.equal(data.equal, false);
      assert.deepEqual(data.files[0]?.lines, { removed: 1, added: 2, exact: true });
      await writeFile(join(home(), 'b.txt'), 'something else');
      assert.equal((await difference(a, b)).data.files[0]?.lines, null);
      assert.equal((await difference(a, a)).data.equal, true);
    });

    it('counts the lines that packed files hold, unless these are too large', async () => {
      const rows = ['text,label', ...Array.from({ length: 20 }, (_, row) => `line ${row},good`)];
      const before = `${rows.join('\n')}\n`;
      const after = before.replace('line 7,', 'line seven,');
      const [a, b] = [await runOn('a', gzipSync(before), true), await runOn('b', gzipSync(after), false)];
      const lines = async (first: string, second: string, most?: number) =>
        (await difference(first, second, most)).data.files[0]?.lines;
      assert.deepEqual(await lines(a, b), { removed: 1, added: 1, exact: true });
      assert.equal(await lines(a, b, 100), null);
      // Packed otherwise, the bytes differ, and the text does not.
      const [plain, other] = [await runOn('c', before, true), await runOn('d', gzipSync(before, { level: 1 }), true)];
      for (const same of [plain, other]) assert.deepEqual(await lines(a, same), { removed: 0, added: 0, exact: true });
      const { sheet, texts } = sheetOfTexts(
        after
          .trim()
          .split('\n')
          .map((row) => row.split(',')),
      );
      const book = await runOn('e', workbook(sheet, { texts }), true);
      assert.deepEqual(await lines(plain, book), { removed: 1, added: 1, exact: true });
    });
  });
});
