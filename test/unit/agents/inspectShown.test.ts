import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectData } from '../../../src/agents/tools/inspectData.ts';
import type { RemoteTrainer } from '../../../src/protocol/trainer.ts';
import { inspectData as inspect } from '../../../src/worker/inspectData.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from '../worker/fixture.ts';
import { fakeContext } from './fakeLab.ts';

describe('inspect_data', () => {
  const home = temporaryFolder();

  it('reads a file as a new run does: as an editor shows it', async () => {
    const workspace = join(home(), 'workspace');
    await mkdir(workspace);
    const path = join(workspace, 'moods.csv');
    const rows = (count: number) =>
      `text,label\n${Array.from({ length: count }, (_, i) => `thing ${i},${i % 2 ? 'yes' : 'no'}\n`).join('')}`;
    await writeFile(path, rows(20));
    const trainer: Pick<RemoteTrainer, 'inspectData'> = {
      inspectData: async (each) => inspect(each, () => undefined),
    };
    const context = fakeContext({
      workspace: [workspace],
      trainers: {
        ...fakeContext().trainers,
        ask: async ({ ask }) => ask(trainer as RemoteTrainer, request(home()).backends),
      },
    });
    const itemsOf = async (shown: typeof context) => {
      const answer = await inspectData.call({ path: 'moods.csv' }, shown);
      assert.ok(answer.ok, JSON.stringify(answer));
      return answer.content['items'];
    };
    assert.equal(await itemsOf(context), 20);
    const sourceOf: typeof context.sourceOf = async (file) => {
      assert.equal(file, path);
      return Promise.resolve({ kind: 'text', text: rows(30), name: 'moods.csv' });
    };
    assert.equal(await itemsOf({ ...context, sourceOf }), 30);
  });
});
