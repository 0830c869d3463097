import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readJournal } from '../../../src/slurm/journal.ts';
import { checkOptions, secondsOf, type SlurmOptions } from '../../../src/slurm/options.ts';
import { batchScript, ITEMS_FILE, itemsOfTask, journalFile, quoted, taskCount } from '../../../src/slurm/script.ts';
import { seeds } from '../../harness/seeds.ts';

const hasBash = spawnSync('bash', ['--version']).status === 0;

/** Text without control characters. */
const printable = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));

describe('the script of a job array', () => {
  it('passes any word to the command as it is', function () {
    if (!hasBash) this.skip();
    fc.assert(
      fc.property(fc.array(printable, { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\n' ${words.map(quoted).join(' ')}`;
        const output = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
        assert.deepEqual(output.split('\n').slice(0, -1), words);
      }),
      seeds(50),
    );
  });

  it('has only the options that were checked in its directives', () => {
    const fields = fc.record<SlurmOptions>(
      {
        partition: fc.string(),
        time: fc.string(),
        mem: fc.string(),
        gpus: fc.string(),
        account: fc.string(),
        constraint: fc.string(),
        lines: fc.array(fc.string()),
        setup: fc.array(fc.string()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (options) => {
        try {
          checkOptions(options);
        } catch (error) {
          assert.equal((error as Error).name, 'UnusableError');
          return;
        }
        const script = batchScript({ name: 'n', folder: '/f', count: 1, command: ['true'], options });
        const { lines = [], setup = [], ...requests } = options;
        const given = Object.values(requests).filter((value) => value !== undefined).length + lines.length;
        assert.equal(script.split(/\r?\n|\r/).filter((line) => line.startsWith('#SBATCH ')).length, 7 + given);
        assert.ok(setup.every((line) => script.includes(`\n${line}\n`)));
      }),
      seeds(500),
    );
  });

  for (const bad of [
    { partition: 'main --wrap=id' },
    { partition: "main'" },
    { time: '1:00\n#SBATCH --wrap=id' },
    { mem: '4G;id' },
    { gpus: '$(id)' },
    { account: '' },
    { constraint: 'a b' },
    { lines: ['--qos=long\nid'] },
    { lines: ['id'] },
    { lines: ['--array=0-5'] },
    { lines: ['--arra=0-5'] },
    { lines: ['--clusters=other'] },
    { lines: ['-M other'] },
    { lines: ['-o/etc/passwd'] },
    { setup: ['module load a\nid'] },
    { atOnce: 0 },
  ] satisfies SlurmOptions[])
    it(`refuses ${JSON.stringify(bad)}`, () => {
      assert.throws(() => checkOptions(bad), { name: 'UnusableError' });
    });

  it('reads time limits as Slurm does', () => {
    const limits = ['30', '2:30', '1:00:00', '1-2', '1-2:30', '1-2:30:15', '0'];
    assert.deepEqual(limits.map(secondsOf), [1800, 150, 3600, 93_600, 95_400, 95_415, 0]);
  });

  it('stops items in the second half of a short time limit', () => {
    const seconds = (options: SlurmOptions) =>
      Number(/USR1@(\d+)/.exec(batchScript({ name: 'n', folder: '/f', count: 1, command: ['c'], options }))?.[1]);
    assert.equal(seconds({ time: '1' }), 30);
    assert.deepEqual([{}, { time: '0' }, { time: '1:00:00' }].map(seconds), [60, 60, 60]);
    assert.equal(seconds({ time: '1', secondsToStop: 7 }), 7);
  });

  it('gives each item to one task', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (items, itemsPerTask) => {
        const tasks = Array.from({ length: taskCount(items.length, { itemsPerTask }) }, (_, task) =>
          itemsOfTask(items, task, { itemsPerTask }),
        );
        assert.deepEqual(tasks.flat(), items);
        assert.ok(tasks.every(({ length }) => length >= 1));
      }),
      seeds(100),
    );
  });

  describe('in bash', () => {
    let folder: string;

    beforeEach(async function () {
      if (!hasBash) this.skip();
      folder = await mkdtemp(join(tmpdir(), "sequence lab's script-"));
    });

    afterEach(async () => {
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    /** Runs the first task of a batch of items, with bash code as its command. */
    const runTask = async (
      items: readonly string[],
      code: string,
      { job = '7', options = {} as SlurmOptions } = {},
    ) => {
      const command = ['bash', '-c', code, 'bash'];
      const all = { itemsPerTask: items.length, ...options };
      const script = batchScript({ name: 'n', folder, count: items.length, command, options: all });
      await writeFile(join(folder, 'script.sh'), script);
      await writeFile(join(folder, ITEMS_FILE), items.map((item) => `${item}\n`).join(''));
      const env = { PATH: process.env['PATH'], SLURM_ARRAY_JOB_ID: job, SLURM_ARRAY_TASK_ID: '0', SLURM_JOB_ID: job };
      const { status } = spawnSync('bash', [join(folder, 'script.sh')], { env, cwd: tmpdir() });
      return { status, journal: readJournal(await readFile(join(folder, journalFile(0)), 'utf8').catch(() => '')) };
    };

    it('notes the exit codes, and leaves out what has ended', async () => {
      const code = 'echo "$1" >> log; case $1 in a) exit 0;; b) exit 3;; *) exit 75;; esac';
      await runTask(['a', 'b', 'c'], code);
      const { journal } = await runTask(['a', 'b', 'c'], code);
      assert.deepEqual(
        [...journal.ended],
        [
          ['a', 0],
          ['b', 3],
        ],
      );
      assert.deepEqual([...journal.stopped], [['c', 75]]);
      assert.equal(await readFile(join(folder, 'log'), 'utf8'), 'a\nb\nc\nc\n');
    });

    it('works for the first job of a batch only', async () => {
      await runTask(['a'], 'echo one >> log; exit 75');
      await runTask(['a'], 'echo two >> log', { job: '8' });
      assert.equal(await readFile(join(folder, 'log'), 'utf8'), 'one\n');
    });

    it('stops the command before the time limit, and then ends', async () => {
      // The parent of the command is the script, which Slurm sends the signal to.
      const code = 'trap "exit 130" TERM; if [ "$1" = a ]; then kill -USR1 $PPID; sleep 60 > /dev/null 2>&1 & wait; fi';
      const { journal, status } = await runTask(['a', 'b'], code);
      assert.equal(status, 0);
      assert.deepEqual([...journal.stopped], [['a', 130]]);
      assert.equal(journal.ended.size, 0);
    });

    for (const { ends, code, isRequeued } of [
      { ends: 'with progress', code: 'exit 130', isRequeued: true },
      { ends: 'without progress', code: 'exit 75', isRequeued: false },
      { ends: 'before it can stop in order', code: 'trap - TERM; kill -TERM $$', isRequeued: false },
      { ends: 'without progress, after another item', code: '[ "$1" = a ] || exit 75', isRequeued: true },
    ])
      it(`${isRequeued ? 'requeues' : 'does not requeue'} a task whose command ends ${ends} at the time limit`, async () => {
        // It fails, so that the script does not wait for its end.
        const scontrol = `scontrol() { echo "$@" > ${quoted(join(folder, 'requeued'))}; return 1; }`;
        const { journal, status } = await runTask(['a', 'b'], `[ "$1" = b ] && kill -USR1 $PPID; ${code}`, {
          options: { setup: [scontrol] },
        });
        assert.equal(status, 0);
        assert.equal(journal.isAtLimit, true);
        const requeued = await readFile(join(folder, 'requeued'), 'utf8').catch(() => undefined);
        assert.equal(requeued, isRequeued ? 'requeue 7\n' : undefined);
      });

    it('notes that its program is missing', async () => {
      const command = ['/nowhere/node'];
      const script = batchScript({ name: 'n', folder, count: 1, command, options: {} });
      await writeFile(join(folder, ITEMS_FILE), 'a\n');
      const env = { PATH: process.env['PATH'], SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '0', SLURM_JOB_ID: '7' };
      assert.equal(spawnSync('bash', ['-c', script], { env }).status, 72);
      assert.notEqual(readJournal(await readFile(join(folder, journalFile(0)), 'utf8')).refusedBy, undefined);
    });
  });
});
