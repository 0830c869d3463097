import assert from 'node:assert/strict';
import { ClassifiedTable, type RowClassifier } from '../../../src/worker/classifiedTable.ts';

/** The label is the first word; long texts are unsure. */
const classifier: RowClassifier = {
  classify: async (texts) =>
    texts.map((text) => ({ label: text.split(' ')[0] ?? '', probability: 0.75, unsure: text.length > 10 })),
};

const open = async (name: string, text: string) => ClassifiedTable.open({ kind: 'text', name, text });

describe('classified table', () => {
  it('gets a label, its probability and its doubt in each row, and their names in the header', async () => {
    const table = await open('reviews.csv', 'id,text\n1,"good, really"\n2,bad film\nragged\n');
    assert.deepEqual(table.describe(), {
      columns: ['id', 'text'],
      text: 1,
      rows: 2,
      skipped: 1,
      head: 'id,text,predicted label,probability,unsure\n',
      kind: 'csv',
    });
    assert.equal(
      await table.classified(classifier, { column: 1, from: 0, count: 10 }),
      '1,"good, really","good,",0.7500,true\n2,bad film,bad,0.7500,false\n',
    );
  });

  it('is read in pieces that add up to the whole table', async () => {
    const table = await open('a.tsv', Array.from({ length: 7 }, (_, i) => `word${i} and more\t${i}`).join('\n'));
    const pieces = [];
    for (let from = 0; from < 7; from += 3)
      pieces.push(await table.classified(classifier, { column: 0, from, count: 3 }));
    assert.equal(pieces.join(''), await table.classified(classifier, { column: 0, from: 0, count: 7 }));
    assert.equal(table.describe().head, '');
  });

  it('keeps the keys of JSON Lines', async () => {
    const table = await open('a.jsonl', '{"text":"good","n":1}\n{"text":"bad","n":2}\n');
    assert.equal(
      await table.classified(classifier, { column: 0, from: 1, count: 1 }),
      '{"text":"bad","n":"2","predicted label":"bad","probability":"0.7500","unsure":"false"}\n',
    );
  });
});
