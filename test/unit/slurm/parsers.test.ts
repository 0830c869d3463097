import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readJournal } from '../../../src/slurm/journal.ts';
import { accountedTasks, OTHERS, queuedTasks, setting, submittedJob } from '../../../src/slurm/output.ts';
import { jobStates } from '../../../src/slurm/states.ts';
import { causeOfDeath, taskOutcome } from '../../../src/slurm/taskOutcome.ts';
import { seeds } from '../../harness/seeds.ts';

const state = fc.constantFrom(...Object.keys(jobStates));

describe('output of the programs of Slurm', () => {
  it('names the submitted job, with or without its cluster', () => {
    assert.equal(submittedJob('17\n'), '17');
    assert.equal(submittedJob('17;cluster\n'), '17');
    assert.equal(submittedJob('Submitted batch job 17\n'), undefined);
  });

  it('lists the tasks that squeue printed', () => {
    const listed = fc.record({
      name: fc.stringMatching(/^[a-z0-9-]+$/),
      job: fc.nat().map(String),
      task: fc.nat(4_000_000),
      state,
      reason: fc.stringMatching(/^[A-Za-z|()]*$/),
    });
    fc.assert(
      fc.property(fc.array(listed), (tasks) => {
        const lines = tasks.map((each) => `${each.name}|${each.job}|${each.task}|${each.state}|${each.reason}\n`);
        assert.deepEqual(
          queuedTasks(lines.join('')),
          tasks.map((each) => ({ ...each, code: undefined })),
        );
      }),
      seeds(100),
    );
  });

  it('lists the tasks of a range in brackets', () => {
    const numbers = (text: string) => queuedTasks(`n|5|${text}|PENDING|None\n`).map(({ task }) => task);
    assert.deepEqual(numbers('[0-2,7,9-13:2%4]'), [0, 1, 2, 7, 9, 11, 13]);
    assert.deepEqual(numbers('[4-...]'), []);
    assert.deepEqual(numbers('N/A'), [OTHERS]);
  });

  it('reads sacct without the steps of jobs', () => {
    const output =
      '5_0|COMPLETED|0:0\n5_0.batch|COMPLETED|0:0\n5_1|CANCELLED by 1000|0:15\n5_[2-3]|PENDING|0:0\n6|FAILED|1:0\n';
    assert.deepEqual(
      accountedTasks(output).map(({ task, state: name, code }) => [task, name, code]),
      [
        [0, 'COMPLETED', 0],
        [1, 'CANCELLED', 0],
        [2, 'PENDING', 0],
        [3, 'PENDING', 0],
      ],
    );
  });

  it('reads any text without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const read of [submittedJob, queuedTasks, accountedTasks, readJournal]) read(text);
        setting(text, 'MaxArraySize');
      }),
      seeds(300),
    );
  });

  it('finds a setting of the cluster', () => {
    assert.equal(setting('A = 1\nMaxArraySize            = 1001\n', 'MaxArraySize'), '1001');
    assert.equal(setting('A = 1\n', 'MaxArraySize'), undefined);
  });
});

describe('journals of tasks', () => {
  const items = ['a', 'b', 'c'];
  const line = fc.oneof(
    fc.constantFrom(...items).map((item) => `start ${item} 7 0 node1`),
    fc.tuple(fc.constantFrom(...items), fc.integer({ min: 0, max: 255 })).map(([item, code]) => `end ${item} ${code}`),
    fc.constantFrom(...items).map((item) => `stop ${item} 130`),
  );

  it('count the first end of an item, whatever was torn off', () => {
    fc.assert(
      fc.property(fc.array(line), fc.nat(20), (lines, cut) => {
        const text = lines.map((each) => `\n${each}\n`).join('');
        const torn = text.slice(0, Math.max(0, text.length - cut));
        const whole = torn.split('\n').slice(0, -1);
        const { ended, stopped } = readJournal(torn);
        for (const item of items) {
          const first = whole.find((each) => each.startsWith(`end ${item} `));
          assert.equal(ended.get(item), first === undefined ? undefined : Number(first.split(' ')[2]));
          assert.ok(!(ended.has(item) && stopped.has(item)));
          const last = whole.findLast((each) => / (start|stop) /.test(` ${each}`) && each.split(' ')[1] === item);
          if (last !== undefined && !ended.has(item)) assert.equal(stopped.has(item), last.startsWith('stop '));
        }
      }),
      seeds(300),
    );
  });

  it('decide each item once: it ends, dies or is open', () => {
    const listed = fc.option(
      state.map((name) => ({ name: 'n', job: '7', task: 0, state: name, reason: '', code: undefined })),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(line), listed, fc.boolean(), (lines, task, isSettled) => {
        const journal = readJournal(lines.map((each) => `\n${each}\n`).join(''));
        const { phase, ended, died } = taskOutcome({ items, journal, listed: task, isSettled });
        assert.deepEqual([...ended.keys()].sort(), [...journal.ended.keys()].sort());
        for (const item of died) assert.ok(!ended.has(item));
        if (phase === 'over') assert.equal(ended.size + died.length, items.length);
        else assert.deepEqual(died, []);
        // A task that may still be at work loses nothing.
        if (!isSettled) assert.deepEqual(died, []);
        if (task && jobStates[task.state]?.phase !== 'over') assert.deepEqual(died, []);
      }),
      seeds(300),
    );
  });

  const cause = (item: string, lines: readonly string[], status?: string, log = '') =>
    causeOfDeath(
      item,
      {
        items,
        journal: readJournal(lines.map((each) => `\n${each}\n`).join('')),
        listed:
          status === undefined
            ? undefined
            : { name: 'n', job: '7', task: 0, state: status, reason: '', code: undefined },
      },
      log,
    );

  it('blame the memory on the item that ran', () => {
    const running = ['start a 7 0 node1', 'end a 0', 'start b 7 0 node1'];
    const killed = ['start a 7 0 node1', 'stop a 137', 'start b 7 0 node1', 'end b 0'];
    const log = 'slurmstepd-node1: error: Exceeded job memory limit\n';
    for (const [status, output] of [
      ['OUT_OF_MEMORY', ''],
      ['FAILED', log],
      [undefined, 'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch.'],
    ] as const) {
      assert.equal(cause('b', running, status, output), 'outOfMemory');
      assert.equal(cause('c', running, status, output), 'interrupted');
      assert.equal(cause('a', killed, status, output), 'outOfMemory');
      assert.equal(cause('c', killed, status, output), 'interrupted');
      assert.equal(cause('c', [], status, output), 'outOfMemory');
    }
    // A command may print what it likes.
    assert.equal(cause('b', running, 'FAILED', 'Detected an oom-kill event, says slurmstepd'), 'interrupted');
    assert.equal(cause('a', killed, 'COMPLETED'), 'killed');
  });

  it('tell a time limit from other ends', () => {
    const stopped = ['start a 7 0 node1', 'stop a 130'];
    assert.equal(cause('a', stopped, 'COMPLETED'), 'interrupted');
    assert.equal(cause('a', [...stopped, 'requeue 7 0'], 'COMPLETED'), 'timeLimit');
    assert.equal(cause('a', [...stopped, 'requeue 7 0', 'start a 7 1 node2'], 'FAILED'), 'interrupted');
    assert.equal(cause('a', stopped, 'TIMEOUT'), 'timeLimit');
    assert.equal(cause('a', [], 'FAILED'), 'noFolder');
    assert.equal(cause('a', []), 'vanished');
  });
});
