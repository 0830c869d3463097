import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { defineTool } from '../../../src/agents/tool.ts';
import { fakeContext } from './fakeLab.ts';

const describing = {
  name: 'read_values',
  title: 'Read Values',
  description: 'Returns values.',
  effect: 'reads',
  cost: 'None.',
  input: z.strictObject({}),
  output: z.object({ rows: z.array(z.object({ value: z.number(), other: z.number().nullable() })) }),
} as const;

/** Message for a value that the schema of the answer refuses. */
async function messageFor(value: number): Promise<string> {
  const tool = defineTool({ ...describing, run: async () => Promise.resolve({ rows: [{ value, other: value }] }) });
  const answer = await tool.call({}, fakeContext());
  return answer.ok ? '' : answer.message;
}

describe('answers with numbers that are not finite', () => {
  it('say so instead of what a schema expects', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(NaN, Infinity, -Infinity), async (value) => {
        assert.equal(await messageFor(value), await messageFor(NaN));
        assert.ok((await messageFor(value)).includes('get_run'));
      }),
    );
  });

  it('have null where the answer may have none', async () => {
    const run = async () => Promise.resolve({ rows: [{ value: 1, other: NaN }] });
    const answer = await defineTool({ ...describing, run }).call({}, fakeContext());
    assert.deepEqual(answer, { ok: true, content: { rows: [{ value: 1, other: null }] } });
  });
});
