import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertNames, type Fact } from '../../harness/facts.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

interface Answer {
  readonly text: string;
  readonly label: string;
  readonly probability: number;
  readonly words?: readonly { readonly text: string }[];
}

interface Explained {
  readonly probability: number;
  readonly logOdds: number;
  readonly baseline: number;
  readonly words: readonly { readonly contribution: number; readonly leaveOneOut: number }[];
}

describe('sentiment on the command line', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  async function run(args: readonly string[], input = '') {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(input);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += String(piece)));
    child.stderr.on('data', (piece: Buffer) => (stderr += String(piece)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder(), name);
    await writeFile(path, text);
    return path;
  };
  const answers = (stdout: string): Answer[] =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);

  it('classifies one text', async () => {
    const { code, stdout, stderr } = await run(['classify', '--text', 'What a wonderful film!', '--json']);
    assert.equal(code, 0, stderr);
    const [answer] = answers(stdout);
    assert.ok(answer?.label === 'positive' && answer.probability > 0.5 && answer.text === 'What a wonderful film!');
  });

  it('classifies and explains every line of a file and of the standard input', async () => {
    const text = 'a wonderful film\n\na terrible film\n';
    const [fromFile, fromInput] = [
      await run(['classify', await file('lines.txt', text), '--json']),
      await run(['classify', '--json', '--explain'], text),
    ];
    assert.deepEqual(
      answers(fromFile.stdout).map(({ text: line }) => line),
      ['a wonderful film', '', 'a terrible film'],
    );
    const explained = answers(fromInput.stdout);
    assert.deepEqual(
      explained.map(({ label }) => label),
      answers(fromFile.stdout).map(({ label }) => label),
    );
    assert.deepEqual(
      explained[2]?.words?.map(({ text: word }) => word),
      ['a', 'terrible', 'film'],
    );
  });

  it('explains with the terms of the log odds, as text and as JSON', async () => {
    const [text, json] = [
      await run(['classify', '--text', 'not good', '--explain']),
      await run(['classify', '--text', 'not good', '--explain', '--json']),
    ];
    const numbers = text.stdout.split('\n').flatMap((line) => /^\s+(-?\d+\.\d\d)\s/.exec(line)?.[1] ?? []);
    const [first = NaN, second = NaN, baseline = NaN, logOdds = NaN] = numbers.map(Number);
    assert.equal(numbers.length, 4);
    assert.ok(Math.abs(first + second + baseline - logOdds) < 0.03);
    const { words, ...answer } = JSON.parse(json.stdout) as Explained;
    const sum = words.reduce((all, { contribution }) => all + contribution, answer.baseline);
    assert.ok(Math.abs(sum - answer.logOdds) < 1e-3);
    assert.ok(Math.abs(sum - Math.log(answer.probability / (1 - answer.probability))) < 1e-3);
    assert.ok(words.every(({ leaveOneOut }) => Number.isFinite(leaveOneOut)));
  });

  it('evaluates every row of a table, and writes predictions with the labels of the file', async () => {
    const rows = ['a wonderful film\tPOS', '"what a terrible film\tNEG', 'a terrible, dull bore\tPOS'];
    const out = join(folder(), 'predictions.tsv');
    const { code, stdout, stderr } = await run([
      'evaluate',
      'sentiment',
      await file('rows.tsv', `${rows.join('\n')}\n`),
      '--json',
      '--predictions',
      out,
    ]);
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(result['n'], 3);
    assert.deepEqual(result['labels'], ['negative', 'positive']);
    assert.deepEqual(result['confusion'], [
      [1, 0],
      [1, 1],
    ]);
    for (const name of ['accuracy', 'macroF1', 'logLoss', 'ece']) assert.equal(typeof result[name], 'number', name);
    const predictions = (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    assert.deepEqual(
      predictions.map(([label]) => label),
      ['POS', 'NEG', 'NEG'],
    );
    assert.ok(predictions.every(([, probability]) => Number(probability) >= 0.5 && Number(probability) <= 1));
  });

  it('reads a table as --set says, and lets an option name a column', async () => {
    // The longest column is not the text, and the table has one row of titles that looks like the others.
    const cells = [
      ['what is said about it', 'and its mood'],
      ['a wonderful, wonderful film', 'Gut'],
      ['a terrible film; dull', 'Schlecht'],
      ['großartig and wonderful', 'Gut'],
    ];
    const notes = 'a long remark that nobody classifies, of more words than the texts';
    const rows = cells.map(([text, label], at) => `${at === 2 ? `'${text}'` : text};${notes} ${at};${label}\r\n`);
    const text = rows.join('').replaceAll('Gut', 'POS').replaceAll('Schlecht', 'NEG');
    const path = join(folder(), 'odd.txt');
    await writeFile(path, Buffer.from(text, 'latin1'));
    const settings = ['data.delimiter=;', "data.quote='", 'data.header=yes', 'data.encoding=windows-1252'];
    const reading = settings.flatMap((each) => ['--set', each]);
    const evaluated = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(['evaluate', 'sentiment', path, ...reading, ...args, '--json']);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as { n: number; confusion: number[][] };
    };
    const expected = {
      n: 3,
      confusion: [
        [1, 0],
        [0, 2],
      ],
    };
    for (const columns of [
      ['--set', 'task.textColumn=1', '--set', 'task.labelColumn=3'],
      ['--text-column', 'what is said about it', '--set', 'task.labelColumn=and its mood'],
    ]) {
      const { n, confusion } = await evaluated(...columns);
      assert.deepEqual({ n, confusion }, expected);
    }
  });

  it('reports skipped rows', async () => {
    const path = await file('ragged.csv', 'text,label\na wonderful film,1\na dull film\n');
    const { code, stdout, stderr } = await run(['evaluate', 'sentiment', path, '--json']);
    assert.equal(code, 0, stderr);
    assertNames(stderr, 'ragged.csv', 3, 1, 2);
    assert.equal((JSON.parse(stdout) as { n: number }).n, 1);
  });

  const failures: [name: string, args: () => Promise<string[]>, ...facts: Fact[]][] = [
    [
      'a label of another model',
      async () => ['evaluate', 'sentiment', await file('a.tsv', 'good film\tmeh\n')],
      '"meh"',
      'negative, positive',
    ],
    [
      'a field that does not say how to read',
      async () => ['evaluate', 'sentiment', await file('b.tsv', 'good film\tpos\n'), '--set', 'model.units=3'],
      '"model.units"',
      'data.delimiter',
    ],
    [
      'a delimiter for lines of texts',
      async () => ['classify', await file('c.txt', 'good film\n'), '--set', 'data.delimiter=tab'],
      '"data.delimiter"',
      'data.encoding',
    ],
    ['a missing file', () => Promise.resolve(['evaluate', 'sentiment', '/nowhere.tsv']), '"/nowhere.tsv"'],
    ['a missing run', () => Promise.resolve(['evaluate', 'some-run', 'x.txt', '--predictions', 'y']), '"some-run"'],
  ];
  for (const [name, args, ...facts] of failures) {
    it(`${name}: exits with 2 and reports what is wrong`, async () => {
      const { code, stderr } = await run(await args());
      assertNames(stderr, ...facts);
      assert.equal(code, 2);
    });
  }
});
