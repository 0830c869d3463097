import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runEvent } from '../../../src/protocol/events.ts';
import type { Flow } from '../../../src/protocol/flow.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';
import type { Finding } from '../../../src/protocol/verdicts.ts';
import { fromStableEventNames } from '../../../src/protocol/stableNames.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { rhyme } from '../worker/fixture.ts';
import { assertNames, type Fact, names } from '../../harness/facts.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { say } from '../../../src/phrases/phrase.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

describe('command line', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  async function run(args: string[], onOutput?: (text: string, interrupt: () => void) => void) {
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, SEQUENCE_LAB_HOME: home(), SEQUENCE_LAB_TENSORFLOW_PATH: '/nowhere' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += String(data);
      onOutput?.(stdout, () => child.kill('SIGINT'));
    });
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  const small = [
    '--set',
    'model.units=8',
    '--set',
    'data.sequenceLength=10',
    '--set',
    'training.batchSize=2',
    '--set',
    'training.patience=0',
    '--backend',
    'reference',
  ];
  const text = async () => {
    const path = join(home(), 'rhyme.txt');
    await writeFile(path, rhyme);
    return path;
  };
  const lines = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => runEvent.parse(fromStableEventNames(JSON.parse(line))));

  it('reports that native TensorFlow is not installed and cannot be removed', async () => {
    const status = await run(['native', 'status']);
    assert.equal(status.code, 0, status.stderr);
    assert.notEqual(status.stdout, '');
    assert.deepEqual(JSON.parse((await run(['native', 'status', '--json'])).stdout), { installed: false });
    const removed = await run(['native', 'remove']);
    assert.deepEqual([removed.code, removed.stdout === ''], [0, false]);
  });

  it('trains a range test, and prints what its curve shows', async () => {
    const out = join(home(), 'range-test');
    const test = ['--range-test', '--steps', '60', '--set', 'training.lastLearningRate=5'];
    const trained = await run(['train', await text(), ...small, ...test, '--out', out, '--json']);
    assert.equal(trained.code, 0, trained.stderr);
    const last = JSON.parse(trained.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.deepEqual(Object.keys(last), ['event', 'steepest', 'lowest', 'diverges', 'suggested']);
    assert.ok(Number(last['steepest']) < Number(last['lowest']) && Number(last['lowest']) < 5);
    const { config } = await readRecord(out);
    const { schedule, steps, lastLearningRate } = config.training;
    assert.deepEqual([schedule, steps, lastLearningRate, config.model.units], ['range-test', 60, 5, 8]);
    const rates = (await readMetrics(out)).flatMap((event) =>
      event.event === 'step' ? [event.learningRate ?? 0] : [],
    );
    assert.ok(rates.length === 60 && rates.every((rate, i) => i === 0 || rate > (rates[i - 1] ?? 0)));
    const repeated = await run(['train', '--resume', out, '--range-test']);
    assert.equal(repeated.code, 2);
    const longer = await run(['train', '--resume', out, '--steps', '120']);
    assert.ok(longer.code !== 0 && names(longer.stderr, 60), longer.stderr);
  });

  it('makes a range test of any configuration, and says why it reads nothing of a short one', async () => {
    const given = ['train', await text(), ...small, '--range-test'];
    const config = join(home(), 'rates.sequence-lab.json');
    await writeFile(config, JSON.stringify({ training: { schedule: 'cosine', learningRate: 0.003, warmUp: 5 } }));
    const out = join(home(), 'tested');
    const chosen = ['--set', 'training.validateEvery=5', '--set', 'training.schedule=range-test'];
    const trained = await run([...given, '--config', config, ...chosen, '--steps', '10', '--out', out, '--json']);
    assert.equal(trained.code, 0, trained.stderr);
    const { training } = (await readRecord(out)).config;
    const { schedule, warmUp, validateEvery, learningRate } = training;
    assert.deepEqual([schedule, warmUp, validateEvery, learningRate], ['range-test', 0, 5, 1e-5]);
    const last = JSON.parse(trained.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.deepEqual(last, {
      ...{ event: 'rangeTest', steepest: null, lowest: null, diverges: null, suggested: null },
      reason: 'too-few-steps',
    });
  });

  it('prints no reading of a range test that was stopped', async () => {
    const given = ['train', await text(), ...small, '--range-test', '--steps', '2000', '--json'];
    let isInterrupted = false;
    const { stdout } = await run(given, (shown, interrupt) => {
      if (isInterrupted || !shown.includes('"step":30,')) return;
      isInterrupted = true;
      interrupt();
    });
    assert.ok(isInterrupted);
    const events = lines(stdout);
    const end = events.at(-1);
    assert.ok(end?.event === 'end' && end.reason === 'stopped');
  });

  it('trains with JSON lines as output, and evaluates and generates with the run', async () => {
    const out = join(home(), 'mine');
    const trained = await run(['train', await text(), ...small, '--steps', '20', '--out', out, '--json']);
    assert.equal(trained.code, 0, trained.stderr);
    const events = lines(trained.stdout);
    assert.equal(events[0]?.event, 'start');
    assert.equal(events.filter(({ event }) => event === 'step').length, 20);
    const end = events.at(-1);
    assert.ok(end?.event === 'end' && end.reason === 'completed' && end.steps === 20 && end.backend === 'reference');
    const { progress } = await readRecord(out);
    const stable = JSON.parse(trained.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.deepEqual(
      [stable['valLoss'], stable['bestValLoss'], stable['bestStep'], stable['verdict']],
      [progress.kept?.loss, progress.best?.loss, progress.best?.step, end.verdict],
    );
    assert.ok(events.some(({ event }) => event === 'learning'));

    const evaluated = await run(['evaluate', out, await text(), '--json']);
    const result = JSON.parse(evaluated.stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(result), ['task', 'n', 'lossNats', 'perplexity', 'unknown', 'streams', 'reading']);
    assert.equal(result['n'], [...rhyme].length - 1);
    assert.equal(result['streams'], 2);
    const carried = await run(['evaluate', out, await text(), '--json', '--streams', '1']);
    const one = JSON.parse(carried.stdout) as Record<string, unknown>;
    assert.equal(one['streams'], 1);
    assert.notEqual(one['reading'], result['reading']);
    assert.notEqual(one['lossNats'], result['lossNats']);
    assertNames((await run(['evaluate', out, await text(), '--streams', '3'])).stdout, 3, 'streams');
    const many = await run(['evaluate', out, await text(), '--streams', '1000000']);
    assert.equal(many.code, 2);
    assertNames(many.stderr, '1000000');

    const written = await run([
      'generate',
      out,
      '--prompt',
      'the ',
      '--length',
      '30',
      '--temperature',
      '0.5',
      '--seed',
      '4',
    ]);
    assert.equal(written.code, 0, written.stderr);
    assert.equal([...written.stdout].length, 4 + 30 + 1);
    assert.ok(written.stdout.startsWith('the '));
    // Of one token, every temperature draws the same: the most likely one.
    const likeliest = await run(['generate', out, '--prompt', 'the ', '--length', '30', '--temperature', '0']);
    const topOne = await run([
      'generate',
      out,
      '--prompt',
      'the ',
      '--length',
      '30',
      '--temperature',
      '9',
      '--top-k',
      '1',
    ]);
    assert.equal(topOne.stdout, likeliest.stdout, topOne.stderr);
  });

  it('writes several texts, with the probabilities of their tokens, and the texts of a beam search', async () => {
    const out = join(home(), 'several');
    assert.equal((await run(['train', await text(), ...small, '--steps', '10', '--out', out, '--json'])).code, 0);
    const short = ['generate', out, '--prompt', 'the ', '--length', '8', '--seed', '4'];
    const several = await run([...short, '--samples', '2', '--top-p', '0.9', '--json']);
    const objects = several.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { number: number; text: string; tokens: { probability: number }[] });
    assert.deepEqual(
      objects.map(({ number, text: written, tokens }) => [number, [...written].length, tokens.length]),
      [
        [1, 8, 8],
        [2, 8, 8],
      ],
    );
    for (const { tokens } of objects) for (const { probability } of tokens) assert.ok(probability > 0);
    const beam = await run([...short, '--beam', '3', '--stop', '\\n', '--stop', 'qqq']);
    assert.equal(beam.code, 0, beam.stderr);
    assert.match(beam.stdout, /^--- 1.*\nthe /);
    const refused = await run([...short, '--top-p', '0']);
    assert.equal(refused.code, 2, refused.stderr);
    assertNames(refused.stderr, '--top-p');
  });

  it('trains a model further on another file, and says why it cannot', async () => {
    const out = join(home(), 'before');
    assert.equal((await run(['train', await text(), ...small, '--steps', '10', '--out', out, '--json'])).code, 0);
    const other = join(home(), 'other.txt');
    await writeFile(other, rhyme.replaceAll('cat', 'zébu'));
    const next = join(home(), 'after');
    const further = ['train', other, '--from', out, '--steps', '5', '--json'];
    const trained = await run([
      ...further,
      '--set',
      'training.learningRate=0.001',
      '--vocabulary',
      'keep',
      '--out',
      next,
    ]);
    assert.equal(trained.code, 0, trained.stderr);
    const { initial, parent, config } = await readRecord(next);
    assert.deepEqual([initial?.run, initial?.extend, parent?.reason], ['before', false, 'weights']);
    assert.deepEqual([config.model.units, config.training.learningRate], [8, 0.001]);
    const refused = await run([...further, '--set', 'model.units=9']);
    assert.equal(refused.code, 2);
    assertNames(refused.stderr, 'model.units', 8, 9);
    const resumed = await run(['train', '--resume', out, '--set', 'training.learningRate=0.1']);
    assert.equal(resumed.code, 2);
    assertNames(resumed.stderr, '--from');
  });

  it('ends quietly when the reader of its output has gone, and keeps the run', async function () {
    if (process.platform === 'win32') return this.skip();
    const out = join(home(), 'piped');
    const training = ['train', await text(), ...small, '--steps', '100000', '--out', out, '--json'];
    const trained = await piped(training);
    assert.deepEqual([trained.code, trained.stderr], [141, '']);
    assert.equal(trained.stdout.trim().split('\n').length, 1);
    assert.equal((await readRecord(out)).state, 'stopped');
    for (const args of [['generate', out, '--length', '5000'], ['--help'], ['inspect', await text(), '--json']]) {
      const { stderr, code } = await piped(args);
      assert.equal(stderr, '');
      assert.ok(code === 0 || code === 141, `${args[0]}: ${code}`);
    }
    return undefined;
  });

  /** Runs a command of which `head` reads one line. @returns its exit code, its messages, and what was read */
  async function piped(args: readonly string[]) {
    const [messages, exit] = [join(home(), 'messages.txt'), join(home(), 'exit.txt')];
    const command = '{ "$@" 2>"$MESSAGES"; echo $? >"$EXIT"; } | head -n 1';
    const child = spawn('sh', ['-c', command, 'sh', process.execPath, cli, ...args], {
      env: { ...process.env, SEQUENCE_LAB_HOME: home(), MESSAGES: messages, EXIT: exit },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
    await new Promise((resolve) => child.once('close', resolve));
    return { code: Number(await readFile(exit, 'utf8')), stderr: await readFile(messages, 'utf8'), stdout };
  }

  it('refuses fields without an effect in a configuration and on the command line, and says why', async () => {
    const config = join(home(), 'order.sequence-lab.json');
    await writeFile(config, JSON.stringify({ task: { name: 'temporal-order' }, data: { stride: 5 } }));
    const fromFile = await run(['train', '--config', config, '--steps', '1']);
    assert.equal(fromFile.code, 2);
    assertNames(fromFile.stderr, 'data.stride', 5, 'task.name', '"temporal-order"', '"language-model"');
    const assigned = await run(['train', await text(), '--set', 'model.cell=gru', '--set', 'model.forgetBias=2']);
    assert.equal(assigned.code, 2);
    assertNames(assigned.stderr, 'model.forgetBias', 2, 'model.cell', '"gru"', '"lstm"');
  });

  it('probes a run, with a JSON object or a report with a plot as output', async () => {
    const out = join(home(), 'probed');
    await run([
      'train',
      await text(),
      ...small,
      '--set',
      'data.sequenceLength=30',
      '--set',
      'model.cell=rnn',
      '--set',
      'model.recurrentGain=0.4',
      '--steps',
      '5',
      '--out',
      out,
    ]);
    const probed = await run(['probe', out, '--json']);
    assert.equal(probed.code, 0, probed.stderr);
    const result = JSON.parse(probed.stdout) as Record<string, unknown> & {
      verdicts: Finding[];
      flow: Flow[];
      lastStep: number[];
      layers: LayerProbe[];
    };
    const fields = [
      'verdict',
      'facts',
      'advice',
      'learning',
      'lastStep',
      'summed',
      'lagMatrix',
      'jacobian',
      'sigmaMax',
      'spectralRadius',
      'effectiveMemory',
      'parameters',
      'gates',
      'layers',
    ];
    for (const field of fields) assert.ok(field in result, field);
    assert.equal(result['verdict'], 'vanishing');
    assert.deepEqual(
      result.verdicts.map(({ verdict, layer, direction }) => [verdict, layer, direction]),
      [['vanishing', 'simple_rnn_1', 'forward']],
    );
    assert.deepEqual([result.lastStep.length, result.lastStep[0]], [31, 1]);
    assert.ok((result.lastStep[30] ?? NaN) < 0.01);
    const [flow] = result.flow;
    assert.ok(flow && flow.sequences >= 32);
    assert.deepEqual(flow.median, result.lastStep);
    assert.equal(result.layers[0]?.lastStep.h.length, 31);

    const carried = await run(['probe', out, '--carried', '--json']);
    assert.equal((JSON.parse(carried.stdout) as { start: string }).start, 'carried', carried.stderr);
    const { stdout } = await run(['probe', out, '--text', await text()]);
    const [heading] = stdout.split('\n');
    assertNames(heading, 'vanishing', 5, 500);
    assert.match(stdout, /1e0 \|\*/);
    // A bias for a window of 500 steps.
    assertNames(stdout, '--set model.cell=lstm', '--set model.forgetBias=6.3');
    const missing = await run(['probe', out, '--text', '/nowhere.txt']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /nowhere/);
  });

  for (const backend of ['wasm', 'reference']) {
    it(`resumes to the weights of an uninterrupted run, on ${backend}`, async () => {
      const file = await text();
      const [whole, half] = [join(home(), 'whole'), join(home(), 'half')];
      const options = [...small, '--backend', backend];
      await run(['train', file, ...options, '--steps', '20', '--out', whole]);
      await run(['train', file, ...options, '--steps', '10', '--out', half]);
      const resumed = await run(['train', '--resume', half, '--steps', '20', '--json']);
      assert.equal(resumed.code, 0, resumed.stderr);
      const weights = (folder: string) => readFile(join(folder, 'model', 'weights.bin'));
      assert.deepEqual(await weights(half), await weights(whole));
      assert.equal((await readRecord(half)).backend.name, backend);
    });
  }

  it('repeats a run with two threads bit for bit, verifies it, and finds a bit that was flipped', async function () {
    this.timeout(240_000);
    const out = join(home(), 'recorded');
    const large = ['--set', 'model.units=192', '--set', 'data.sequenceLength=32', '--set', 'training.batchSize=16'];
    const options = [...large, '--set', 'threads=2', '--set', 'data.validationLimit=400', '--backend', 'wasm'];
    const trained = await run(['train', await text(), ...options, '--steps', '4', '--out', out]);
    assert.equal(trained.code, 0, trained.stderr);
    const { backend, parts } = await readRecord(out);
    assert.deepEqual([backend.threads, parts.length, parts[0]?.backend], [2, 1, backend]);

    const again = await run(['train', '--from', out, '--out', join(home(), 'again'), '--json']);
    assert.equal(again.code, 0, again.stderr);
    const [repetition] = lines(again.stdout).filter(({ event }) => event === 'repetition');
    const result = { run: 'recorded', steps: 4, compared: 4, difference: null, largest: null };
    assert.deepEqual(repetition, { event: 'repetition', ...result });

    const changed = await run(['train', '--from', out, '--steps', '2', '--out', join(home(), 'changed')]);
    assert.equal(changed.code, 0, changed.stderr);
    assertNames(changed.stderr, 'recorded');
    const record = await readRecord(join(home(), 'changed'));
    assert.deepEqual(record.parent, { run: 'recorded', reason: 'again', changes: { 'training.steps': 2 } });
    assert.equal(record.repetition, null);

    const verified = await run(['verify', out]);
    assert.equal(verified.code, 0, verified.stderr);
    const tensors = join(out, 'checkpoints', 'step-4', 'tensors.bin');
    const bytes = await readFile(tensors);
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    await writeFile(tensors, bytes);
    const refused = await run(['verify', out, '--json']);
    assert.equal(refused.code, 1, refused.stderr);
    const { equal, difference } = JSON.parse(refused.stdout) as { equal: boolean; difference: Record<string, unknown> };
    assert.deepEqual([equal, difference['step'], difference['ulps'], difference['values']], [false, 4, 1, 1]);
    assert.equal((await run(['verify', out, '--steps', '3'])).code, 0);
  });

  it('resumes on another backend, and records it', async () => {
    const out = join(home(), 'moved');
    await run(['train', await text(), ...small, '--backend', 'reference', '--steps', '10', '--out', out]);
    const unknown = await run(['train', '--resume', out, '--steps', '20', '--backend', 'abacus']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /backend.*abacus/);
    const resumed = await run(['train', '--resume', out, '--steps', '20', '--backend', 'wasm']);
    assert.equal(resumed.code, 0, resumed.stderr);
    const { backend, config, progress } = await readRecord(out);
    assert.deepEqual([backend.name, config.backend, progress.step], ['wasm', 'wasm', 20]);
  });

  it('trains on a generated task of a sample configuration, without a file', async () => {
    const out = join(home(), 'sums');
    const config = fileURLToPath(new URL('../../../media/samples/adding-problem.sequence-lab.json', import.meta.url));
    const options = [
      ...small,
      '--set',
      'task.validationSequences=5',
      '--set',
      'training.validateEvery=2',
      '--steps',
      '4',
      '--out',
      out,
    ];
    const { code, stdout, stderr } = await run(['train', '--config', config, ...options]);
    assert.equal(code, 0, stderr);
    const [heading, about, criterion] = stdout.split('\n');
    assertNames(heading, say(tasks.adding.title), 10);
    assertNames(about, 'Hochreiter');
    assertNames(criterion, 0.01);
    assertNames(stdout, 0.167);
    assert.match(stdout, /\b2\b.* \d\.\d{3}\b/);
    const refused = await run(['train', await text(), '--config', config, ...small]);
    assert.equal(refused.code, 2);
    assertNames(refused.stderr, 'adding');
    const evaluated = await run(['evaluate', out, await text()]);
    assert.notEqual(evaluated.code, 0);
    assertNames(evaluated.stderr, say(tasks.adding.title));
  });

  it('combines a configuration file, --set and flags', async () => {
    const config = join(home(), 'c.sequence-lab.json');
    await writeFile(config, JSON.stringify({ model: { units: 5 }, training: { steps: 3, batchSize: 2 } }));
    const out = join(home(), 'configured');
    const { code, stderr } = await run([
      'train',
      await text(),
      '--config',
      config,
      '--set',
      'model.units=6',
      '--steps',
      '4',
      '--set',
      'data.sequenceLength=8',
      '--out',
      out,
      '--backend',
      'reference',
    ]);
    assert.equal(code, 0, stderr);
    const record = await readRecord(out);
    assert.deepEqual(
      [record.config.model.units, record.config.training.steps, record.config.training.batchSize],
      [6, 4, 2],
    );
  });

  it('ends after --seconds, regardless of the number of steps', async () => {
    const flags = ['--set', 'training.steps=2', '--seconds', '1', '--json'];
    const { stdout } = await run(['train', await text(), ...small, ...flags]);
    const [start, end] = [lines(stdout)[0], lines(stdout).at(-1)];
    assert.ok(start?.event === 'start' && start.steps > 1e6, stdout.slice(0, 300));
    assert.ok(end?.event === 'end' && end.reason === 'completed' && end.seconds >= 1, stdout.slice(-300));
  });

  it('saves the model when it is interrupted, and reports it in the exit code', async () => {
    const out = join(home(), 'interrupted');
    let sent = false;
    const { code, stdout } = await run(
      ['train', await text(), ...small, '--steps', '1000000', '--out', out, '--json'],
      (output, interrupt) => {
        if (sent || !output.includes('"step":5,')) return;
        sent = true;
        interrupt();
      },
    );
    assert.equal(code, 130);
    assert.equal((await readRecord(out)).state, 'stopped');
    const end = lines(stdout).at(-1);
    assert.ok(end?.event === 'end' && end.reason === 'stopped');
  });

  it('lists backends with a device or a reason', async () => {
    const { stdout } = await run(['backends', '--json']);
    const reports = JSON.parse(stdout) as { name: string; loads: boolean; reason?: string; device?: string }[];
    assertNames(reports.find(({ name }) => name === 'reference')?.device, 'CPU', 1);
    assert.match(reports.find(({ name }) => name === 'tensorflow')?.reason ?? '', /\/nowhere/);
  });

  it('uses the next backend, with the reason, if the requested one does not load', async () => {
    const { code, stdout } = await run([
      'train',
      await text(),
      ...small.slice(0, -1),
      'tensorflow',
      '--steps',
      '2',
      '--json',
    ]);
    assert.equal(code, 0);
    const [start] = lines(stdout);
    assert.ok(start?.event === 'start' && start.backend.name === 'wasm');
    assertNames(start.notices.map(say).join(), 'tensorflow', '@tensorflow/tfjs-node', '/nowhere');
  });

  describe('with bad input', () => {
    const cases: [name: string, args: string[], ...facts: Fact[]][] = [
      ['no file', ['train'], '--resume'],
      ['a missing file', ['train', '/nowhere/x.txt'], '"/nowhere/x.txt"'],
      ['an invalid value', ['train', 'x', '--set', 'training.clipNorm=-1'], 'training.clipNorm', -1, 0],
      ['an unknown field', ['train', 'x', '--set', 'model.width=3'], 'model.width'],
      ['an invalid option', ['train', 'x', '--steps', '0'], '--steps', 1],
      ['an unknown option', ['train', 'x', '--fast'], '--fast'],
      ['a missing run', ['evaluate', 'no-such-run', 'x'], '"no-such-run"'],
      ['a run with the weights of a missing one', ['train', 'x', '--from', 'y'], '"y"'],
      ['a repeated run with a configuration', ['train', '--from', 'y', '--config', 'x'], '--from', '--config'],
      ['a vocabulary without a run to begin with', ['train', 'x', '--vocabulary', 'keep'], '--vocabulary', '--from'],
      ['samples and a beam', ['generate', 'x', '--samples', '2', '--beam', '3'], '--samples', '--beam'],
      ['a resumed run with a file', ['train', 'x', '--resume', 'y'], '--resume'],
      ['steps and seconds', ['train', 'x', '--steps', '3', '--seconds', '3'], '--steps', '--seconds'],
    ];
    for (const [name, args, ...facts] of cases) {
      it(`${name}: exits with 2 and reports what is wrong`, async () => {
        const { code, stderr, stdout } = await run(args);
        assertNames(stderr, ...facts);
        assert.equal(code, 2);
        assert.equal(stdout, '');
      });
    }
  });

  it('has a complete --help for every command', async () => {
    const { stdout } = await run(['--help']);
    for (const command of ['train', 'generate', 'evaluate', 'backends']) {
      assert.ok(stdout.includes(command));
      const help = await run([command, '--help']);
      assert.equal(help.code, 0);
    }
    const { stdout: train } = await run(['train', '--help']);
    for (const flag of ['--config', '--set', '--steps', '--seconds', '--backend', '--resume', '--out', '--json'])
      assert.ok(train.includes(flag), flag);
  });
});
