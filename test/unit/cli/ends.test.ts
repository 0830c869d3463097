import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from '../../../src/phrases/phrase.ts';
import { disk } from '../../../src/platform/files.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readRecord, writeRecord } from '../../../src/runs/record.ts';
import { assertNames } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { rhyme } from '../worker/fixture.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

const small = ['model.units=8', 'data.sequenceLength=10', 'training.batchSize=2', 'training.patience=0'];

/** How a run ends from outside. */
describe('ends of a run', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  async function train(args: string[], onStep: (end: (signal: NodeJS.Signals) => void) => unknown, output?: number) {
    const settings = small.flatMap((each) => ['--set', each]);
    const child = spawn(process.execPath, [cli, 'train', ...args, ...(args[0] === '--resume' ? [] : settings)], {
      env: { ...process.env, SEQUENCE_LAB_HOME: home() },
      stdio: ['ignore', output ?? 'pipe', 'pipe'],
    });
    let stderr = '';
    let stdout = '';
    let hasStepped = false;
    child.stdout?.on('data', (data: Buffer) => {
      stdout += String(data);
      if (hasStepped || !stdout.includes('"event":"step"')) return;
      hasStepped = true;
      void onStep((signal) => child.kill(signal));
    });
    child.stderr?.on('data', (data: Buffer) => (stderr += String(data)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  const begin = async (name: string) => {
    const [text, out] = [join(home(), 'rhyme.txt'), join(home(), name)];
    await writeFile(text, rhyme);
    return { out, args: [text, '--backend', 'reference', '--steps', '100000', '--out', out, '--json'] };
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`keeps the run after ${signal}`, async function () {
      if (process.platform === 'win32') this.skip();
      const { out, args } = await begin(signal);
      const { code, stderr } = await train(args, (end) => end(signal));
      assert.equal(code, 130, stderr);
      const { state, progress } = await readRecord(out);
      assert.deepEqual([state, existsSync(join(out, 'lock'))], ['stopped', false]);
      assert.equal((await readMetrics(out)).filter(({ event }) => event === 'step').length, progress.step);
      assert.ok(existsSync(join(out, 'checkpoints', `step-${progress.step}`)));
    });

  it('keeps the run and says so in one line when its output is full', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const { out, args } = await begin('full');
    const full = await open('/dev/full', 'w');
    try {
      const { code, stderr } = await train(args, () => undefined, full.fd);
      assert.equal(code, 141);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.equal((await readRecord(out)).state, 'stopped');
    } finally {
      await full.close();
    }
  });

  it('ends with the reason when its folder is deleted, and does not create it again', async () => {
    const { out, args } = await begin('deleted');
    const { code, stderr } = await train(args, async () => rm(out, { recursive: true, maxRetries: 20 }));
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(out));
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.ok(!existsSync(out));
  });

  it('starts a run from the beginning that was killed before its first checkpoint', async () => {
    const { out, args } = await begin('early');
    const ended = await train([...args.slice(0, -4), '8', ...args.slice(-3)], () => undefined);
    assert.equal(ended.code, 0, ended.stderr);
    const killed = join(home(), 'killed');
    await cp(out, killed, { recursive: true });
    for (const name of ['checkpoints', 'model', 'metrics.jsonl', 'probes'])
      await rm(join(killed, name), { recursive: true, force: true });
    const record = await readRecord(out);
    await writeRecord(killed, { ...record, state: 'running', progress: { ...record.progress, step: 0 } }, disk);
    await writeFile(join(killed, 'run.json.999999999.tmp'), '{');
    const resumed = await train(['--resume', killed, '--json'], () => undefined);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual(
      await readFile(join(killed, 'model', 'weights.bin')),
      await readFile(join(out, 'model', 'weights.bin')),
    );
    assert.equal((await readRecord(killed)).notices.length, (await readRecord(out)).notices.length + 1);
    assert.deepEqual(
      (await readdir(killed)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('starts a run again in a folder whose run was killed while it was prepared', async () => {
    const { out, args } = await begin('prepared');
    await mkdir(join(out, 'data'), { recursive: true });
    await writeFile(join(out, 'lock'), '999999999');
    await writeFile(join(out, 'text.txt'), 'another text');
    const short = [...args.slice(0, -4), '2', ...args.slice(-3)];
    const ended = await train(short, () => undefined);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(await readFile(join(out, 'text.txt'), 'utf8'), rhyme);
    assert.equal((await train(short, () => undefined)).code, 2);
  });

  /** The run of the store, as `sequence-lab runs` lists it in a table and as JSON. */
  function listed(): { readonly state: string; readonly message: string | null; readonly told: string } {
    const env = { ...process.env, SEQUENCE_LAB_HOME: home() };
    const json = spawnSync(process.execPath, [cli, 'runs', '--json'], { env, encoding: 'utf8' }).stdout;
    const { stdout, stderr } = spawnSync(process.execPath, [cli, 'runs'], { env, encoding: 'utf8' });
    const { state, message } = JSON.parse(json) as { state: string; message: string | null };
    assert.ok(stdout.includes(state), stdout);
    return { state, message, told: stderr };
  }

  it('lists a run that was killed as interrupted, says how to continue it, and continues it', async () => {
    const { args } = await begin(join('runs', 'killed'));
    const killed = await train(args, (end) => end('SIGKILL'));
    assert.equal(killed.code, null);
    const { state, message, told } = listed();
    assert.equal(state, 'interrupted');
    assertNames(told, 'killed', '--resume', message ?? '-');
    const resumed = await train(['--resume', 'killed', '--json'], (end) => end('SIGTERM'));
    assert.equal(resumed.code, 130, resumed.stderr);
    assertNames(resumed.stderr, 'killed', message ?? '-');
    assert.deepEqual(listed(), { state: 'stopped', message: null, told: '' });
  });

  it('records that the disk was full, with the room of incomplete files', async function () {
    const runs = join(home(), 'runs');
    await mkdir(runs, { recursive: true });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', runs]);
    if (mounted.status !== 0) this.skip();
    try {
      const { out, args } = await begin(join('runs', 'full-disk'));
      const often = ['--set', 'training.checkpointEvery=3', '--set', 'probes.every=2'];
      const { code, stderr } = await train([...args, ...often], () => undefined);
      assert.equal(code, 1, stderr);
      const record = await readRecord(out);
      assert.equal(record.state, 'failed');
      assert.deepEqual(listed(), { state: 'failed', message: say(record.message ?? ''), told: '' });
    } finally {
      spawnSync('umount', [runs]);
    }
  });
});
