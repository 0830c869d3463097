import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type RunConfigInput, type RunConfig } from '../../../../src/config/schema.ts';
import { applyAssignments, parseRunConfig } from '../../../../src/config/parse.ts';
import { readingOf } from '../../../../src/config/reading.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import type { DataInspection } from '../../../../src/data/inspect/inspection.ts';
import { numberColumn } from '../../../../src/data/table/numbers.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import { timeColumn } from '../../../../src/data/table/times.ts';
import { say, type Text } from '../../../../src/phrases/phrase.ts';
import { taskKinds } from '../../../../src/worker/tasks/registry.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'cases');

const { data: defaults, seed } = parseRunConfig({});
const pathOf = (name: string) => join(FOLDER, name);

const inspect = (name: string, assignments: readonly string[] = []): Promise<DataInspection> => {
  const { data } = parseRunConfig(applyAssignments({}, assignments));
  return inspectDataSet(
    { kind: 'file', path: pathOf(name), reading: readingOf(data) },
    { validationShare: defaults.validationShare, seed },
  );
};

/** What is right about each file. */
interface Expected {
  readonly task: DataInspection['task'];
  readonly encoding?: string;
  readonly dialect?: Partial<NonNullable<DataInspection['dialect']>>;
  readonly items: number;
  /** Name, type, role and unit of each column. */
  readonly columns?: readonly string[];
  readonly labels?: readonly string[];
  readonly problems?: number;
}

const files: Readonly<Record<string, Expected>> = {
  'decimal-comma/german.csv': {
    task: 'forecasting',
    dialect: { delimiter: ';', decimal: ',', header: true },
    items: 120,
    columns: ['Zeit time time ', 'Temperatur number value ', 'Druck number value '],
  },
  'thousands-separator/thousands.csv': {
    task: 'forecasting',
    dialect: { delimiter: ',', decimal: '.', thousands: ',' },
    items: 80,
    columns: ['date time time ', 'sales number value '],
  },
  'thousands-separator/currency.csv': {
    task: 'forecasting',
    dialect: { thousands: ',' },
    items: 28,
    columns: ['date time time ', 'price number value $', 'change number value %'],
  },
  'thousands-separator/thousands_mixed.csv': {
    task: 'forecasting',
    dialect: { thousands: ',' },
    items: 60,
    columns: ['month identifier unused ', 'visitors integer value '],
  },
  'time-series-table/passengers.csv': {
    task: 'forecasting',
    dialect: { header: true },
    items: 72,
    columns: ['Month time time ', 'Passengers integer value '],
  },
  'units-row/units.csv': {
    task: 'forecasting',
    dialect: { header: true },
    items: 100,
    columns: ['date time time ', 'value number value degC', 'p number value hPa'],
  },
  'header-named-by-user/ctx.csv': {
    task: 'classification',
    dialect: { header: true },
    items: 40,
    columns: ['subreddit category label ', 'post text text '],
    labels: ['birds', 'fish'],
  },
  'header-named-by-user/noheader.tsv': {
    task: 'classification',
    dialect: { delimiter: '\t', header: false },
    items: 60,
    columns: ['column 1 category label ', 'column 2 text text '],
    labels: ['DESC', 'ENTY', 'HUM', 'LOC', 'NUM'],
  },
  'header-named-by-user/toxic.csv': {
    task: 'classification',
    dialect: { header: true },
    items: 60,
    columns: ['id identifier unused ', 'comment_text text text ', 'toxic integer label ', 'obscene integer unused '],
  },
  'formats/array.json': {
    task: 'classification',
    items: 20,
    columns: ['meta.lang constant unused ', 'text text text ', 'label category label '],
    labels: ['rain', 'sun'],
  },
  'formats/backslash.csv': { task: 'classification', dialect: { escape: 'backslash', header: true }, items: 60 },
  'formats/ws.dat': {
    task: 'forecasting',
    dialect: { delimiter: 'blanks', header: false },
    items: 100,
    columns: ['column 1 identifier unused ', 'column 2 number value ', 'column 3 number value '],
  },
  'json-null/null.jsonl': { task: 'classification', items: 2, labels: ['3', 'x'], problems: 3 },
  'one-line-text/dna.txt': { task: 'language-model', items: 6000 },
  'three-columns-of-pairs/pairs.txt': {
    task: 'sequence-to-sequence',
    dialect: { delimiter: '\t', header: false },
    items: 60,
    columns: ['column 1 text source ', 'column 2 text target ', 'column 3 text unused '],
  },
  documents: { task: 'language-model', items: 7, problems: 2 },
  'documents/**/*.md': { task: 'language-model', items: 5, problems: 1 },
  'documents/weather/*.txt': { task: 'language-model', items: 64 },
  'encodings/latin1.txt': { task: 'language-model', encoding: 'windows-1252', items: 2100 },
  'encodings/cp1252.txt': { task: 'language-model', encoding: 'windows-1252', items: 2420 },
  'encodings/zh_gbk.txt': { task: 'language-model', encoding: 'gbk', items: 720 },
};

describe('files that people have', () => {
  for (const [name, expected] of Object.entries(files)) {
    it(`${name} is read as it is meant`, async () => {
      const found = await inspect(name);
      assert.equal(found.task, expected.task);
      assert.ok(found.tasks.includes(expected.task));
      assert.equal(found.encoding, expected.encoding ?? 'utf-8');
      assert.deepEqual({ ...found.dialect, ...expected.dialect }, { ...found.dialect });
      assert.equal(found.items, expected.items);
      assert.equal(found.problems.count, expected.problems ?? 0);
      if (expected.columns)
        assert.deepEqual(
          found.columns.map(({ name: column, type, role, unit }) => [say(column), type, role, unit].join(' ')),
          expected.columns,
        );
      if (expected.labels) assert.deepEqual(found.labels.map(({ label }) => label).sort(), expected.labels);
      if (found.kind === 'text') assert.deepEqual(found.unknown?.unknown, 0);
    });
  }

  const values: readonly [name: string, column: number, first: number, last: number][] = [
    ['decimal-comma/german.csv', 1, 20.05, 15.05],
    ['thousands-separator/thousands.csv', 1, 3004.74, 5493.24],
    ['thousands-separator/currency.csv', 1, 3004.74, 3855.24],
    ['thousands-separator/currency.csv', 2, 5, 3.65],
    ['thousands-separator/thousands_mixed.csv', 1, 900, 1667],
    ['units-row/units.csv', 1, 20.047, 18.24],
    ['formats/ws.dat', 1, 20.047, 18.24],
  ];
  for (const [name, column, first, last] of values)
    it(`${name} has the numbers that are written in column ${column + 1}`, async () => {
      const table = await readTable({ kind: 'file', path: pathOf(name) });
      const { values: numbers, unreadable, missing } = numberColumn(table, column);
      assert.deepEqual([unreadable.length, missing], [0, 0]);
      assert.equal(numbers[0], first);
      assert.ok(Math.abs((numbers.at(-1) ?? 0) - last) < 1, String(numbers.at(-1)));
    });

  it('decimal-comma/german.csv has a time in its first column', async () => {
    const table = await readTable({ kind: 'file', path: pathOf('decimal-comma/german.csv') });
    const { values: times, format } = timeColumn(table, 0);
    assert.deepEqual([times[0], times[25]], [Date.UTC(2023, 0, 1), Date.UTC(2023, 0, 2, 1)]);
    assert.equal(say(format), 'DD.MM.YYYY hh:mm');
  });

  it('backslash.csv has quotation marks and commas in its texts', async () => {
    const { rows } = await readTable({ kind: 'file', path: pathOf('formats/backslash.csv') });
    assert.equal(rows.cell(0, 0), 'She asked "Where is the river that never sleeps ?" and left, slowly');
  });

  it('takes the first row for a header if the user names a column of it, and a number for a column', async () => {
    const text = 'alpha;beta\nalpha one;beta\nalpha two;gamma\n';
    const read = (named: string) => readTable({ kind: 'text', name: 'a.csv', text }, { named: [named] });
    assert.deepEqual((await read('')).header, false);
    assert.deepEqual((await read('beta')).header, true);
    assert.deepEqual((await read('2')).header, false);
    const config = parseRunConfig(applyAssignments({ task: { name: 'classification' } }, ['task.textColumn=2']));
    assert.equal('textColumn' in config.task && config.task.textColumn, '2');
  });

  for (const [name, assignments, changed] of [
    ['formats/ws.dat', ['data.delimiter=,'], { delimiter: ',' }],
    ['header-named-by-user/ctx.csv', ['data.header=no'], { header: false }],
    ['decimal-comma/german.csv', ['data.decimal=.'], { decimal: '.' }],
    ['decimal-comma/german.csv', ["data.quote='", 'data.comment=Z'], { quote: "'", comment: 'Z' }],
    ['units-row/units.csv', ['data.missing=1005.00,-'], { missing: ['1005.00', '-'] }],
    ['thousands-separator/thousands.csv', ['data.thousands=none'], { thousands: '' }],
  ] as const)
    it(`${name} is read otherwise with ${assignments.join(' ')}`, async () => {
      const { dialect } = await readTable({
        kind: 'file',
        path: pathOf(name),
        reading: readingOf(parseRunConfig(applyAssignments({}, assignments)).data),
      });
      assert.deepEqual({ ...dialect, ...changed }, dialect);
    });

  it('is read in an encoding that the user sets', async () => {
    const found = await inspect('encodings/zh_gbk.txt', ['data.encoding=gb18030']);
    assert.deepEqual([found.encoding, found.items, found.notes.length], ['gb18030', 720, 0]);
  });
});

describe('Inspect and training', () => {
  const inputOf = ({ task }: DataInspection): RunConfigInput => ({
    task: task === 'classification' ? { name: task, minimumCount: 1 } : { name: task },
    data: { sequenceLength: task === 'sequence-to-sequence' ? 4000 : 5 },
  });
  const numbersIn = (facts: readonly Text[]): string[] => facts.flatMap((fact) => say(fact).match(/\d[\d,]*/g) ?? []);

  for (const name of Object.keys(files).filter((each) => each !== 'json-null/null.jsonl'))
    it(`agree about the parts of ${name}`, async () => {
      const found = await inspect(name);
      const config: RunConfig = parseRunConfig(inputOf(found));
      const source = { kind: 'file', path: pathOf(name) } as const;
      const loaded = await taskKinds[found.task].load(source, config);
      const { train, validation } = found.parts;
      const counts = (found.task === 'forecasting' ? [found.items] : [train, validation]).map((count) =>
        count.toLocaleString('en'),
      );
      const facts = numbersIn(loaded.facts);
      for (const count of counts) assert.ok(facts.includes(count), `${count} in ${loaded.facts.map(say).join('; ')}`);
      if (found.task !== 'language-model') return;
      const { trainCharacters, validationCharacters, unknownInValidation } = loaded.text ?? {};
      const characters = found.characters ?? found.parts;
      assert.deepEqual([trainCharacters, validationCharacters], [characters.train, characters.validation]);
      assert.equal(unknownInValidation, found.unknown?.unknown);
      assert.deepEqual(loaded.text?.documents, found.characters && { train, validation });
    });
});
