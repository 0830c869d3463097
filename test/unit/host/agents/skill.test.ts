import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { root } from '../../../../scripts/lib/paths.ts';
import { AGENT_TOOLS } from '../../../../src/agents/registry.ts';

const { contributes } = z
  .object({ contributes: z.object({ chatSkills: z.array(z.object({ path: z.string() })) }) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

for (const { path } of contributes.chatSkills)
  describe(`the skill ${path}`, () => {
    const text = readFileSync(join(root, path), 'utf8');
    const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(head)?.[1] ?? '';

    it('is a file with the name of its folder, because VS Code ignores others', () => {
      assert.equal(basename(path), 'SKILL.md');
      assert.equal(field('name'), basename(dirname(path)));
      assert.match(field('name'), /^[a-z0-9-]{1,64}$/);
      assert.ok(field('description').length > 40 && field('description').length <= 1024);
    });

    it('names only tools that exist, and every tool', () => {
      const named = new Set([...body.matchAll(/`([a-z]+_[a-z]+)`/g)].map(([, name]) => name ?? ''));
      assert.deepEqual([...named].sort(), AGENT_TOOLS.map(({ name }) => name).sort());
    });

    it('names only arguments that a tool takes', () => {
      const known = new Set(AGENT_TOOLS.flatMap(({ input }) => Object.keys(input.shape)));
      const named = [...body.matchAll(/`(?:"(\w+)": [^`]*|(from|set|waitSeconds|path))`/g)];
      const names = named.map(([, quoted, plain]) => quoted ?? plain ?? '');
      assert.ok(names.length > 0);
      // The seeds are a field of the sweep that start_sweep takes.
      assert.deepEqual(
        names.filter((name) => !known.has(name) && name !== 'seeds'),
        [],
      );
    });
  });
