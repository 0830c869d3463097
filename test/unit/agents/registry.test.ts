import assert from 'node:assert/strict';
import * as z from 'zod';
import { AGENT_TOOLS } from '../../../src/agents/registry.ts';
import { fakeContext } from './fakeLab.ts';

const objectSchema = z.looseObject({
  additionalProperties: z.unknown(),
  properties: z.record(z.string(), z.looseObject({})),
});

describe('tools of agents', () => {
  it('are named by a verb and a noun, each once, and none deletes', () => {
    const names = AGENT_TOOLS.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z]+_[a-z]+$/);
    for (const name of names) assert.doesNotMatch(name, /delete|remove|trash|empty/);
  });

  for (const { name, description, input, output } of AGENT_TOOLS)
    it(`${name}: has a strict schema of its arguments, and a schema of its answer`, () => {
      const taken = objectSchema.parse(z.toJSONSchema(input, { io: 'input' }));
      assert.equal(taken.additionalProperties, false);
      assert.ok(Object.keys(objectSchema.parse(z.toJSONSchema(output)).properties).length > 0);
      assert.ok(description.length > 40 && description.endsWith('.'));
    });

  it('that start work or change something answer with an error in an untrusted workspace, without a look at anything', async () => {
    const untrusted = new Proxy(fakeContext({ isTrusted: false }), {
      get: (context, key) => {
        if (key === 'isTrusted' || key === 'signal') return Reflect.get(context, key);
        throw new Error(`A tool looked at ${String(key)}.`);
      },
    });
    const guarded = AGENT_TOOLS.filter(({ effect }) => effect !== 'reads');
    assert.deepEqual(guarded.map(({ name }) => name).sort(), [
      'annotate_run',
      'export_run',
      'resume_run',
      'start_sweep',
      'start_training',
      'stop_run',
    ]);
    for (const tool of guarded)
      for (const answer of [await tool.call({}, untrusted), await tool.confirmation({}, untrusted)]) {
        assert.ok(!answer.ok);
        assert.doesNotMatch(answer.message, /looked at|arguments/);
      }
  });

  it('that only read have nothing to confirm', async () => {
    for (const tool of AGENT_TOOLS.filter(({ effect }) => effect === 'reads')) {
      const answer = await tool.confirmation(exampleArguments[tool.name] ?? {}, fakeContext());
      assert.deepEqual(answer, { ok: true, confirmation: null }, tool.name);
    }
  });
});

/** Arguments of the tools that have required ones. */
const exampleArguments: Readonly<Record<string, object>> = {
  get_run: { run: 'a' },
  compare_runs: { runs: ['a', 'b'] },
  inspect_data: { path: 'a' },
  read_gates: { run: 'a', text: 'a' },
  classify_text: { texts: ['a'] },
  evaluate_run: { run: 'a', path: 'a' },
  generate_text: { run: 'a' },
};
