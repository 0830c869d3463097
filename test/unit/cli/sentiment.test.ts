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
  this.timeout(60_000);
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
