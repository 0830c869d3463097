import assert from 'node:assert/strict';
import type { TextSource } from '../../../../src/config/textSource.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';

const reviews = Array.from({ length: 400 }, (_, i) => `${i},"a text of ${i % 50} words",${i % 2 ? 'good' : 'bad'}`);
const days = Array.from({ length: 400 }, (_, i) => `${new Date(i * 86_400_000).toISOString().slice(0, 10)},${i}.5`);

const sources: Readonly<Record<string, TextSource>> = {
  'a table of texts': { kind: 'text', name: 'a.csv', text: ['id,text,label', ...reviews].join('\n') },
  'a series': { kind: 'text', name: 'a.csv', text: ['day,value', ...days].join('\n') },
  'a text': { kind: 'text', name: 'a.txt', text: 'One line.\nAnother one.\n' },
};

describe('inspecting a data set', () => {
  for (const [name, source] of Object.entries(sources)) {
    it(`tells how much is done: ${name}`, async () => {
      const shares: number[] = [];
      const options = { validationShare: 0.1, seed: 1 };
      const found = await inspectDataSet(source, { ...options, onProgress: (share) => shares.push(share) });
      assert.ok(shares.length > 2);
      assert.ok(shares.every((share, i) => share > (shares[i - 1] ?? 0) && share <= 1));
      assert.deepEqual(found, await inspectDataSet(source, options));
    });

    it(`ends when it is canceled: ${name}`, async () => {
      const controller = new AbortController();
      const reason = new Error('no more');
      await assert.rejects(
        inspectDataSet(source, {
          validationShare: 0.1,
          seed: 1,
          signal: controller.signal,
          onProgress: () => controller.abort(reason),
        }),
        reason,
      );
    });
  }
});
