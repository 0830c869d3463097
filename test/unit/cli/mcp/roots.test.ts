import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type AgentClient, connectAgent } from '../../../../scripts/lib/agentClient.ts';
import { commonFolders } from '../../../../src/agents/paths.ts';
import { runsFolder } from '../../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../../runs/examples.ts';
import { temporaryFolder } from '../../runs/temporary.ts';

const cli = fileURLToPath(new URL('../../../../src/cli.ts', import.meta.url));

describe('the folders that a client has open', function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const at = (...names: readonly string[]) => join(folder(), ...names);
  let agent: AgentClient | undefined;
  let roots: string[];

  beforeEach(async () => {
    for (const name of ['a', 'a/inner', 'b', 'c']) {
      await mkdir(at(name));
      await writeFile(at(name, 'data.txt'), 'a text\n'.repeat(50));
    }
    await writeExample(runsFolder(at('home')), exampleRecord('run-a'));
  });

  afterEach(async () => {
    await agent?.close();
    agent = undefined;
  });

  async function connect(
    open: readonly string[] | undefined,
    options: Partial<Parameters<typeof connectAgent>[0]> = {},
  ) {
    roots = (open ?? []).map((name) => pathToFileURL(at(name)).href);
    agent = await connectAgent({
      ...{ cli, workspace: undefined, cwd: at('c'), home: at('home'), confirm: () => true },
      ...(open && { roots: () => roots }),
      ...options,
    });
    return agent;
  }

  /** The folders whose files may be inspected. */
  async function allowed(): Promise<string[]> {
    const found: string[] = [];
    for (const name of ['a', 'a/inner', 'b', 'c']) {
      const answer = await agent?.call('inspect_data', { path: at(name, 'data.txt') });
      if (answer?.isError === false) found.push(name);
      else assert.ok(answer?.text.includes('outside'), answer?.text);
    }
    return found;
  }

  for (const negotiate of ['legacy', 'auto'] as const)
    it(`are the workspace, also after they have changed (${negotiate})`, async () => {
      const { client, call } = await connect(['a/inner', 'b'], { negotiate });
      assert.deepEqual(await allowed(), ['a/inner', 'b']);
      // A relative path begins at the first of them.
      assert.equal((await call('inspect_data', { path: 'data.txt' })).isError, false);
      const out = { runs: ['run-a'], format: 'csv', path: at('b', 'out.csv') };
      assert.equal((await call('export_run', out)).isError, false);
      roots = [pathToFileURL(at('a')).href];
      if (negotiate === 'legacy') await client.sendRootsListChanged();
      assert.deepEqual(await allowed(), ['a', 'a/inner']);
      const again = await call('export_run', { ...out, replace: true });
      assert.ok(again.isError && again.text.includes('outside'), again.text);
      roots = [];
      if (negotiate === 'legacy') await client.sendRootsListChanged();
      assert.deepEqual(await allowed(), []);
    });

  it('only narrow the folders that the command line names', async () => {
    await connect(['a/inner', 'b'], { workspace: at('a') });
    assert.deepEqual(await allowed(), ['a/inner']);
    await agent?.close();
    await connect(['.'], { workspace: at('a') });
    assert.deepEqual(await allowed(), ['a', 'a/inner']);
    await agent?.close();
    await connect([], { workspace: at('a') });
    assert.deepEqual(await allowed(), ['a', 'a/inner']);
  });

  it('are only those on this machine', async () => {
    await connect([]);
    const elsewhere = ['file://elsewhere/share', 'file:///a%2Fb'];
    roots = [...elsewhere, pathToFileURL(at('b')).href];
    assert.deepEqual(await allowed(), ['b']);
    await agent?.close();
    await connect([], { workspace: at('a') });
    roots = elsewhere;
    assert.deepEqual(await allowed(), ['a', 'a/inner']);
  });

  it('widen nothing through links, whatever these point to later', async () => {
    for (const [link, target] of [
      ['out', at('b')],
      ['late', at('missing')],
    ] as const)
      await symlink(target, at('a', link), 'junction');
    const both = [at('a', 'out'), at('a', 'late'), at('a', 'inner')];
    assert.deepEqual(await commonFolders([at('a')], both), [await realpath(at('a', 'inner'))]);
  });

  it('leave the current folder of the server, if a client names none', async () => {
    await connect(undefined);
    assert.deepEqual(await allowed(), ['c']);
  });
});
