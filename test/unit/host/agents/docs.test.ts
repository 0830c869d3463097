import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../../scripts/lib/paths.ts';
import { editorTools } from '../../../../scripts/lib/editorTools.ts';

describe('docs/agents.md', () => {
  it('names the language model tools as a chat does, each of them', () => {
    const text = readFileSync(join(root, 'docs', 'agents.md'), 'utf8');
    const named = [...text.matchAll(/`#(\w+)`/g)].map(([, name]) => name);
    const declared = editorTools().map(({ toolReferenceName }) => toolReferenceName);
    assert.deepEqual([...new Set(named)].sort(), declared.sort());
  });
});
