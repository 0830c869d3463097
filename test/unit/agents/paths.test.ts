import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { AgentError } from '../../../src/agents/agentError.ts';
import { allowedPath, type PathUse } from '../../../src/agents/paths.ts';
import { temporaryFolder } from '../runs/temporary.ts';

/** Names of a path: plain ones, ways up, and links to everywhere. */
const segment = fc.constantFrom(
  'a',
  'b',
  'sub',
  '..',
  '.',
  '',
  'outward',
  'inward',
  'broken',
  'loop',
  'home',
  'runs',
  '*',
);

describe('paths of agents', () => {
  const folder = temporaryFolder();
  const workspace = () => join(folder(), 'workspace');
  const places = () => ({ workspace: [workspace()], home: join(folder(), 'home') });
  const isAllowed = async (path: string, use: PathUse) =>
    allowedPath(path, places(), use).then(
      (allowed) => allowed,
      (error: unknown) => {
        assert.ok(error instanceof AgentError, String(error));
        return undefined;
      },
    );

  beforeEach(() => {
    for (const name of ['workspace/sub', 'outside/a', 'home/runs/a'])
      mkdirSync(join(folder(), name), { recursive: true });
    writeFileSync(join(folder(), 'outside', 'b'), 'secret');
    const link = (name: string, target: string) => symlinkSync(target, join(workspace(), name));
    link('outward', join('..', 'outside'));
    link('inward', 'sub');
    link('broken', join('..', 'outside', 'new'));
    link('loop', 'loop');
    link('home', join('..', 'home'));
    link('runs', join('..', 'home', 'runs'));
  });

  it('lead to places in the workspace only, wherever links and ways up lead', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 6 }),
        fc.constantFrom('', '/', '../outside/', '../workspace/'),
        async (names, start) => {
          const path = `${start}${names.join('/')}`;
          const allowed = await isAllowed(path, 'write');
          if (allowed === undefined) return;
          // Whatever is written there is in the workspace: a path that cannot be written says nothing.
          const target = join(allowed, 'written');
          try {
            mkdirSync(dirname(target), { recursive: true });
          } catch {
            return;
          }
          writeFileSync(target, '');
          const inside = relative(realpathSync(workspace()), realpathSync(target));
          assert.ok(!inside.startsWith('..'), `${path} leads to ${inside}`);
          rmSync(target);
        },
      ),
      { numRuns: 300 },
    );
    assert.deepEqual(readdirSync(join(folder(), 'outside')).sort(), ['a', 'b']);
    assert.deepEqual(readdirSync(join(folder(), 'home')), ['runs']);
  });

  it('of plain names below the workspace are allowed, existing or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-z][a-z0-9 .-]{0,8}$/), { minLength: 1 }), async (names) => {
        const path = join(...names);
        for (const use of ['read', 'write'] as const) assert.equal(await isAllowed(path, use), join(workspace(), path));
      }),
      { numRuns: 100 },
    );
  });

  it('may be read in the run store, and written nowhere in it', async () => {
    const run = join(folder(), 'home', 'runs', 'a', 'run.json');
    assert.equal(await isAllowed(run, 'read'), run);
    assert.equal(await isAllowed(run, 'write'), undefined);
    assert.equal(await isAllowed(join('runs', 'a', 'run.json'), 'write'), undefined);
    assert.equal(await isAllowed(join(folder(), 'home', 'secret'), 'read'), undefined);
  });

  it('are not written in a run store that is in the workspace', async () => {
    const places = { workspace: [folder()], home: join(folder(), 'home') };
    await assert.rejects(allowedPath(join('home', 'runs', 'a', 'run.json'), places, 'write'), AgentError);
    await assert.rejects(allowedPath(join('workspace', 'home', 'new'), places, 'write'), AgentError);
    assert.equal(await allowedPath('new', places, 'write'), join(folder(), 'new'));
  });

  it('through links that lead out, nowhere or in a circle are refused', async () => {
    const refused = [
      'outward',
      'outward/b',
      'broken',
      'broken/b',
      'loop',
      'loop/b',
      '../outside/b',
      '/etc/passwd',
      'a\0b',
    ];
    for (const path of [...refused, 'outward/*', '../*']) assert.equal(await isAllowed(path, 'read'), undefined, path);
    assert.equal(await isAllowed('inward/*', 'read'), join(workspace(), 'inward/*'));
    assert.ok(existsSync(join(folder(), 'outside', 'b')));
  });

  it('of members of an archive are those of the archive', async () => {
    writeFileSync(join(workspace(), 'texts.zip'), '');
    writeFileSync(join(folder(), 'outside', 'secret.zip'), '');
    symlinkSync(join('..', 'outside', 'secret.zip'), join(workspace(), 'link.zip'));
    for (const path of ['texts.zip/a.txt', 'texts.zip/sub/a.txt', 'sub/../texts.zip/a'])
      assert.equal(await isAllowed(path, 'read'), join(workspace(), path));
    for (const path of ['link.zip/a.txt', 'outward/secret.zip/a.txt', '../outside/secret.zip/a.txt'])
      assert.equal(await isAllowed(path, 'read'), undefined, path);
  });

  it('that are relative need a folder that is open', async () => {
    await assert.rejects(allowedPath('a', { workspace: [], home: folder() }, 'read'), AgentError);
  });
});
