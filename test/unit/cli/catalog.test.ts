import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withStableEventNames } from '../../../src/protocol/stableNames.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertNames } from '../../harness/facts.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

describe('runs on the command line', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, SEQUENCE_LAB_HOME: home() };
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  const ids = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('runs', '--json', ...args);
    assert.equal(code, 0, stderr);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as { id: string }).id);
  };

  beforeEach(async () => {
    for (const [place, cell] of (['lstm', 'gru', 'rnn'] as const).entries()) {
      const { progress } = exampleRecord('any');
      const record = exampleRecord(`2026010${place + 1}-000000-hamlet-000${place}`, {
        config: { model: { cell } },
        createdAt: `2026-01-0${place + 1}T00:00:00.000Z`,
        progress: { ...progress, best: { step: 80, loss: 1.5 + place / 10 } },
      });
      const folder = await writeExample(join(home(), 'runs'), record);
      const losses = [3, 2, 1.5 + place / 10].map((loss, at) => ({ event: 'validation', step: 40 * at, loss, n: 10 }));
      const text = losses.map((event) => `${JSON.stringify(withStableEventNames(event))}\n`).join('');
      await writeFile(join(folder, 'metrics.jsonl'), text);
    }
  });

  const [lstm, gru, rnn] = [0, 1, 2].map((place) => `2026010${place + 1}-000000-hamlet-000${place}`) as [
    string,
    string,
    string,
  ];

  it('are listed with stable names, filtered and sorted', async () => {
    const { stdout } = await run('runs', '--json', '--filter', 'cell = gru');
    const { config, best, last, verdict, state, name } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(
      { best, last, verdict, state },
      {
        best: { step: 80, loss: 1.6 },
        last: { step: 100, loss: 1.75 },
        verdict: null,
        state: 'completed',
      },
    );
    assert.deepEqual(config, exampleRecord('any', { config: { model: { cell: 'gru' } } }).config);
    assertNames(String(name), 'GRU');
    assert.deepEqual(await ids(), [rnn, gru, lstm]);
    assert.deepEqual(await ids('--sort', 'best'), [lstm, gru, rnn]);
    assert.deepEqual(await ids('--sort', '-best', '--filter', 'best < 1.65'), [gru, lstm]);
    const table = await run('runs', '--group', 'cell', '--columns', 'best');
    for (const cell of ['lstm', 'gru', 'rnn']) assertNames(table.stdout, cell);
    const wrong = await run('runs', '--filter', 'cel = gru');
    assert.equal(wrong.code, 2);
    assertNames(wrong.stderr, 'cel', 'cell', '^^^');
    assert.equal((await run('runs', '--sort', 'nothing')).code, 2);
  });

  it('stay listed with the reason if they cannot be read', async () => {
    await writeFile(join(home(), 'runs', rnn, 'run.json'), '{');
    const { code, stdout, stderr } = await run('runs', '--columns', 'id');
    assert.equal(code, 0);
    assertNames(stdout, lstm, gru);
    assertNames(stderr, join(rnn, 'run.json'));
  });

  it('have notes and tags, and are found by the beginning of their id', async () => {
    assert.equal((await run('note', '20260101', 'Why so low?')).code, 0);
    assert.equal((await run('note', lstm, 'Because.', '--append')).code, 0);
    assert.equal((await run('note', lstm)).stdout, 'Why so low?\n\nBecause.\n');
    assert.equal((await run('tag', lstm, '20260102', '--add', 'paper', '--add', 'x')).code, 0);
    assert.equal((await run('tag', lstm, '--remove', 'x')).stdout, `${lstm}: paper\n`);
    assert.deepEqual(await ids('--filter', 'tags = paper and note ~ because'), [lstm]);
    const { code, stderr } = await run('note', '2026');
    assert.equal(code, 2);
    assertNames(stderr, lstm, gru, rnn);
  });

  it('are starred, named, colored and archived', async () => {
    const marks = async (...args: string[]) => {
      const { code, stdout, stderr } = await run('mark', '--json', ...args);
      assert.equal(code, 0, stderr);
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as unknown);
    };
    const none = { name: null, starred: false, color: null, archived: false };
    assert.deepEqual(await marks(lstm), [{ id: lstm, ...none }]);
    assert.deepEqual(await marks(lstm, gru, '--star', '--archive'), [
      { id: lstm, ...none, starred: true, archived: true },
      { id: gru, ...none, starred: true, archived: true },
    ]);
    assert.deepEqual(await ids(), [rnn]);
    assert.deepEqual(await ids('--archived', '--filter', 'starred'), [gru, lstm]);
    await marks(gru, '--no-archive', '--no-star', '--color', '#A0B1C2');
    assert.deepEqual(await ids(), [rnn, gru]);
    const named = { ...none, starred: true, archived: true, name: 'the best' };
    assert.deepEqual(await marks(lstm, '--name', 'the best'), [{ id: lstm, ...named }]);
    assert.deepEqual(await marks('the best', '--color', '11'), [{ id: lstm, ...named, color: '11' }]);
    assertNames((await run('mark', 'the best')).stdout, lstm, 'the best', 'color 11');
    assert.deepEqual(await marks('the best', '--color', 'none', '--name', ''), [{ id: lstm, ...named, name: null }]);
    for (const color of ['red', '12', '#12', '']) assert.equal((await run('mark', lstm, '--color', color)).code, 2);
    assert.equal((await run('mark', lstm, gru, '--name', 'both')).code, 2);
    assert.deepEqual(await marks(gru), [{ id: gru, ...none, color: '#a0b1c2' }]);
  });

  it('are shown with a warning if what was added to them is damaged, which nothing replaces', async () => {
    await run('mark', gru, '--name', 'mine', '--star');
    await run('note', gru, 'Why?');
    const path = join(home(), 'runs', gru, 'annotations.json');
    await writeFile(path, '{"version":1,"name":"mine"');
    for (const args of [
      ['runs', '--json'],
      ['compare', lstm, gru],
      ['note', gru],
      ['note', gru, 'Because.', '--append'],
      ['export', gru, '--html', '--out', join(home(), 'page.html')],
    ]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
      assertNames(stderr, 'warning', path);
    }
    assert.equal((await run('note', gru)).stdout, 'Why?\n\nBecause.\n');
    for (const args of [
      ['tag', gru, '--add', 'x'],
      ['mark', gru, '--star'],
      ['mark', gru],
      ['note', 'mine'],
    ]) {
      const { code, stderr } = await run(...args);
      assert.notEqual(code, 0, args.join(' '));
      assertNames(stderr, path);
    }
    assert.equal(await readFile(path, 'utf8'), '{"version":1,"name":"mine"');
  });

  it('have the backend in use, and the one of their configuration', async () => {
    const record = exampleRecord('20260104-000000-moved-0003', { config: { backend: 'wasm' } });
    const { backend } = record;
    await writeExample(join(home(), 'runs'), { ...record, backend: { ...backend, name: 'reference' } });
    assert.deepEqual(await ids('--filter', 'backend = reference and configuredBackend = wasm'), [record.id]);
    const { stdout } = await run('runs', '--columns', 'id,backend,configuredBackend', '--filter', 'id ~ moved');
    assert.match(stdout, /reference\s+wasm/);
  });

  it('are deleted into the trash, restored, and deleted for good', async () => {
    assert.equal((await run('rm', lstm, gru)).code, 0);
    assert.deepEqual(await ids(), [rnn]);
    assert.equal((await run('rm', '--undo')).code, 0);
    assert.equal((await run('rm', '20260101', '--undo')).code, 0);
    assert.deepEqual(await ids(), [rnn, gru, lstm]);
    await run('rm', rnn);
    assert.equal((await run('rm', '--empty')).code, 0);
    assert.equal((await run('rm', rnn, '--undo')).code, 2);
    for (const args of [['rm'], ['rm', rnn], ['rm', lstm, '--empty']]) assert.equal((await run(...args)).code, 2);
    assert.deepEqual(await ids(), [gru, lstm]);
  });

  it('are compared by what differs and by their curves', async () => {
    const { code, stdout } = await run('compare', lstm, gru);
    assert.equal(code, 0);
    assertNames(stdout, lstm, gru, 'cell', '1.500', '1.600');
    assert.ok(
      stdout.split('\n').some((line) => /\|.*[ab*]/.test(line)),
      'curves are drawn',
    );
    assert.ok(!/^seed/m.test(stdout), 'equal fields are left out');
    assert.equal((await run('compare', lstm)).code, 2);
  });
});
