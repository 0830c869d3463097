import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rhyme, request } from '../worker/fixture.ts';
import { Session } from '../../../src/worker/session.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

/** Words of parsers, schemas and the system, and stacks, which no message may have. */
const FOREIGN = /\n {4}at |Unexpected|SyntaxError|ZodError|Invalid input|E[A-Z]{4,}:|"code":|\binvalid_type\b|node:/;

/** A command in a folder with the files of `prepare`, its exit code, and names that its message must contain. */
type Case = readonly [situation: string, args: readonly string[], code: number, names?: readonly string[]];

/** The exit codes that --help lists. Each message on standard error is in the product's own words. */
const CASES: readonly Case[] = [
  ['help', ['--help'], 0],
  ['version', ['--version'], 0],
  ['an unknown command', ['trian'], 2, ['trian']],
  ['an unknown option', ['train', '--colour', 'red'], 2, ['--colour']],
  ['a value out of range', ['generate', 'good', '--temperature', '-1'], 2, ['-1']],
  ['a field that does not exist', ['train', 'text.txt', '--set', 'model.unit=3'], 2, ['model.units']],
  ['an empty field', ['train', 'text.txt', '--set', 'training.=5'], 2, ['training.']],
  ['a configuration that is not JSON', ['train', 'text.txt', '--config', 'broken.json'], 2, ['broken.json']],
  ['a configuration that does not exist', ['train', 'text.txt', '--config', 'no.json'], 2, ['no.json']],
  ['a configuration that never ends', ['train', 'text.txt', '--config', '/dev/zero'], 2, ['/dev/zero']],
  ['a note that never ends', ['note', 'good', '--file', '/dev/zero'], 2, ['/dev/zero']],
  ['data whose path has a NUL', ['train', '--config', 'nul.json'], 2, ['NUL']],
  ['a configuration in UTF-16', ['train', 'text.txt', '--config', 'utf16.json', '--out', 'utf16'], 0],
  ['more than any memory', ['train', 'long.txt', '--config', 'huge.json'], 2, ['model.units']],
  ['times that are none', ['bench', '--compare', 'broken.json'], 2, ['broken.json', '--compare']],
  ['times that do not exist', ['bench', '--compare', 'no.json'], 2, ['no.json']],
  ['times of something else', ['bench', '--probes', '--compare', 'broken.json'], 2, ['--compare', '--probes']],
  ['data that does not exist', ['train', 'no.txt'], 2, ['no.txt']],
  ['data that is a device', ['train', '/dev/zero'], 2, ['/dev/zero']],
  ['binary data', ['inspect', 'binary.dat'], 2, ['binary.dat']],
  ['deep brackets', ['inspect', 'deep.jsonl'], 2, ['deep.jsonl']],
  [
    'a language model with validation data',
    ['train', 'text.txt', '--set', 'data.validation=x'],
    2,
    ['data.validation'],
  ],
  ['a run folder that is not empty', ['train', 'text.txt', '--out', 'good'], 2, ['good']],
  [
    'a run folder that is a file',
    ['train', 'text.txt', '--backend', 'wasm', '--steps', '1', '--out', 'text.txt'],
    2,
    ['text.txt'],
  ],
  [
    'a run folder below a file',
    ['train', 'text.txt', '--backend', 'wasm', '--steps', '1', '--out', 'text.txt/a'],
    2,
    ['text.txt'],
  ],
  [
    'a run folder with a long name',
    ['train', 'text.txt', '--backend', 'wasm', '--steps', '1', '--out', 'x'.repeat(300)],
    2,
  ],
  ['a run that does not exist', ['generate', 'no'], 2, ['no']],
  ['a run.json that is not JSON', ['generate', 'cut'], 2, ['run.json']],
  ['a run.json of another version', ['generate', 'other'], 2, ['run.json', 'version']],
  ['a vocabulary that is not JSON', ['generate', 'noVocabulary'], 2, ['noVocabulary']],
  ['a vocabulary of another form', ['generate', 'otherVocabulary'], 2, ['otherVocabulary']],
  ['weights that are cut', ['evaluate', 'shortWeights', 'text.txt'], 2, ['shortWeights']],
  ['a run without a model', ['generate', 'noModel'], 2, ['noModel']],
  ['a run of another task', ['classify', '--model', 'good', '--text', 'a'], 2],
  ['a run that translates nothing', ['translate', 'good', '--text', 'a'], 2],
  ['a label of a model without labels', ['generate', 'good', '--label', 'x'], 2, ['--label']],
  ['columns of a text', ['evaluate', 'good', 'text.txt', '--set', 'task.labelColumn=x'], 2, ['good', 'language-model']],
  ['a delimiter of a text', ['evaluate', 'good', 'text.txt', '--set', 'data.delimiter=tab'], 2, ['data.delimiter']],
  ['predictions of a task without them', ['evaluate', 'good', 'text.txt', '--predictions', 'p'], 2, ['--predictions']],
  [
    'predictions over the input',
    ['evaluate', 'sentiment', 'table.tsv', '--predictions', 'table.tsv'],
    2,
    ['table.tsv'],
  ],
  [
    'predictions over the input by a link',
    ['evaluate', 'sentiment', 'table.tsv', '--predictions', 'link'],
    2,
    ['link'],
  ],
  ['predictions into a folder', ['evaluate', 'sentiment', 'table.tsv', '--predictions', 'folder'], 2, ['folder']],
  ['predictions into a missing folder', ['evaluate', 'sentiment', 'table.tsv', '--predictions', 'no/p'], 2, ['no/p']],
  ['a wheel that does not exist', ['native', 'install', '--from-wheel', '/no.whl'], 2, ['/no.whl']],
  ['a filter that is not one', ['runs', '--filter', 'best <'], 2],
  ['a text of a model', ['generate', 'good', '--length', '3'], 0],
  ['an equal run', ['verify', 'good'], 0],
  ['an unequal run', ['verify', 'changed'], 1],
];

describe('exit codes', function () {
  this.timeout(120_000);
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-codes-'));
    const session = await Session.start({ ...request(folder), out: join(folder, 'good') }, () => undefined);
    await session.train();
    const write = async (path: string, content: string | Uint8Array) => writeFile(join(folder, path), content);
    const damaged = async (name: string, file: string, content: string | undefined) => {
      await cp(join(folder, 'good'), join(folder, name), { recursive: true });
      if (content === undefined) await rm(join(folder, name, file), { recursive: true });
      else await write(join(name, file), content);
    };
    await write('text.txt', rhyme);
    await write('long.txt', 'abc '.repeat(2_000_000));
    await write('table.tsv', 'text\tlabel\nI love it\tpositive\nI hate it\tnegative\n');
    await symlink(join(folder, 'table.tsv'), join(folder, 'link'));
    await mkdir(join(folder, 'folder'));
    await write('binary.dat', Buffer.from([1, 0, 2, 0, 0, 3]));
    await write('deep.jsonl', '['.repeat(100_000));
    await write('broken.json', '{"model":');
    await write('nul.json', '{"data":{"train":"a\\u0000b.txt"}}');
    await write(
      'utf16.json',
      Buffer.from('\ufeff{"backend":"reference","model":{"units":4},"training":{"steps":1}}', 'utf16le'),
    );
    await write(
      'huge.json',
      JSON.stringify({
        model: { units: 4096, layers: 8 },
        data: { sequenceLength: 1000 },
        training: { batchSize: 4096 },
      }),
    );
    await damaged('cut', 'run.json', '{"version":');
    await damaged('other', 'run.json', '{"version":7}');
    await damaged('noVocabulary', 'model/vocabulary.json', '{"kind":');
    await damaged('otherVocabulary', 'model/vocabulary.json', '{"kind":7}');
    await damaged('shortWeights', 'model/weights.bin', 'short');
    await damaged('noModel', 'model', undefined);
    const metrics = await readFile(join(folder, 'good', 'metrics.jsonl'), 'utf8');
    await damaged('changed', 'metrics.jsonl', metrics.replace(/"loss":\d/, '"loss":9'));
  });

  after(async () => rm(folder, { recursive: true, force: true }));

  async function run(args: readonly string[]) {
    const output = await open(join(folder, 'stderr'), 'w');
    try {
      const child = spawn(process.execPath, [cli, ...args], {
        cwd: folder,
        env: { ...process.env, SEQUENCE_LAB_HOME: folder, SEQUENCE_LAB_TENSORFLOW_PATH: '/nowhere' },
        stdio: ['ignore', 'ignore', output.fd],
      });
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      return { code, stderr: (await readFile(join(folder, 'stderr'), 'utf8')).trimEnd() };
    } finally {
      await output.close();
    }
  }

  for (const [situation, args, code, names = []] of CASES)
    it(`${code}: ${args[0] ?? ''} with ${situation}`, async function () {
      if (process.platform === 'win32' && args.includes('/dev/zero')) this.skip();
      const result = await run(args);
      assert.equal(result.code, code, result.stderr);
      assert.doesNotMatch(result.stderr, FOREIGN);
      if (code === 2) assert.notEqual(result.stderr, '');
      for (const name of names) assert.ok(result.stderr.includes(basename(name)), result.stderr);
    });
});
