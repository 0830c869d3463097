import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataInspection } from '../../../src/protocol/dataInspection.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertNames } from '../../harness/facts.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

describe('inspecting a data set on the command line', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  async function run(...args: string[]) {
    const child = spawn(process.execPath, [cli, 'inspect', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += String(piece)));
    child.stderr.on('data', (piece: Buffer) => (stderr += String(piece)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr };
  }

  async function table(): Promise<string> {
    const path = join(folder(), 'train.tsv');
    await writeFile(
      path,
      Array.from({ length: 30 }, (_, i) => `a text number ${i}\t${['x', 'y'][i % 2] ?? ''}`).join('\n'),
    );
    return path;
  }

  it('prints its result as text and as JSON', async () => {
    const path = await table();
    const { code, stdout, stderr } = await run(path);
    assert.equal(code, 0, stderr);
    assertNames(stdout.split('\n')[0], 'train.tsv', 'classification');
    const json = await run(path, '--json');
    assert.equal(dataInspection.parse(JSON.parse(json.stdout)).labelCount, 2);
  });

  it('reads folders and paths with wildcards as documents, and labeled texts as documents if told', async () => {
    const texts = join(folder(), 'texts');
    await mkdir(texts);
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.md']) await writeFile(join(texts, name), `the text of ${name}\n`);
    const inspected = async (...args: string[]) => {
      const { stdout } = await run(...args, '--json');
      const { kind, items, tasks } = dataInspection.parse(JSON.parse(stdout));
      return { kind, items, tasks };
    };
    const tasks = ['classification', 'language-model'];
    assert.deepEqual(await inspected(texts), { kind: 'folder', items: 3, tasks });
    assert.deepEqual(await inspected(texts, '--set', 'task.name=language-model'), { kind: 'corpus', items: 4, tasks });
    const wildcards = join(texts, '[bcd].*');
    assert.deepEqual(await inspected(wildcards), { kind: 'corpus', items: 3, tasks: ['language-model'] });
  });

  it('uses the given roles and validation file', async () => {
    const path = await table();
    const { stdout } = await run(path, '--roles', 'source,target', '--validation', path, '--json');
    const found = dataInspection.parse(JSON.parse(stdout));
    assert.deepEqual([found.task, found.repeated.shared, found.parts.validation], ['sequence-to-sequence', 30, 30]);
  });

  it('reports what is wrong with its input, with exit code 2', async () => {
    const missing = await run(join(folder(), 'nowhere.tsv'));
    assert.equal(missing.code, 2);
    assertNames(missing.stderr, 'nowhere.tsv');
    const roles = await run(await table(), '--roles', 'text,labels');
    assert.equal(roles.code, 2);
    assertNames(roles.stderr, '--roles', '"labels"');
    const series = join(folder(), 'series.csv');
    await writeFile(series, `y,z\n${Array.from({ length: 40 }, (_, row) => `${row},${row % 7}\n`).join('')}`);
    const task = await run(series, '--set', 'task.name=tagging');
    assert.equal(task.code, 2);
    assertNames(task.stderr, series, 'tagging');
    const text = join(folder(), 'plain.txt');
    await writeFile(text, 'it was a dark and stormy night\n'.repeat(9));
    const validation = await run(text, '--validation', text);
    assert.equal(validation.code, 2);
    assertNames(validation.stderr, '--validation');
  });
});
