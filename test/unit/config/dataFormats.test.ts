import assert from 'node:assert/strict';
import { formatByName, namePattern } from '../../../src/config/dataFormats.ts';

describe('formats of data files by name', () => {
  it('follow the extension, in any case', () => {
    assert.deepEqual(formatByName('/data/a.CSV'), { kind: 'table', syntax: 'delimited' });
    assert.deepEqual(formatByName('a.b.ndjson'), { kind: 'table', syntax: 'jsonl' });
    assert.deepEqual(formatByName('en.conllu'), { kind: 'tagged' });
    assert.deepEqual(formatByName('a.csv.gz'), formatByName('a.csv'));
    assert.deepEqual(formatByName('a.Parquet'), { kind: 'packed' });
    for (const name of ['csv', 'a.constructor', 'a.md', '', 'a.gz', 'a.parquet.gz'])
      assert.equal(formatByName(name), undefined);
  });

  it('have a pattern that matches only the names of the given kinds', () => {
    const tables = new RegExp(namePattern('table'), 'i');
    const data = new RegExp(namePattern('table', 'tagged', 'text'), 'i');
    const all = new RegExp(namePattern('table', 'packed', 'archive'), 'i');
    for (const name of ['a.parquet', 'a.zip', 'a.csv', 'a.csv.gz']) assert.ok(all.test(name), name);
    for (const name of ['a.parquet.gz', 'a.gz', 'a.txt.gz', 'zip']) assert.ok(!all.test(name), name);
    for (const name of ['a.csv', 'a.TSV', 'b.jsonl', 'b.JSONL.gz'])
      assert.ok(tables.test(name) && data.test(name), name);
    for (const name of ['a.txt', 'a.iob2']) assert.ok(!tables.test(name) && data.test(name), name);
    for (const name of ['a.ts', 'acsv', 'a.csv.bak', 'a.parquet', 'a.csv.gz.gz']) assert.ok(!data.test(name), name);
  });
});
