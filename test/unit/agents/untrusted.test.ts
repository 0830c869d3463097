import assert from 'node:assert/strict';
import { AGENT_TOOLS } from '../../../src/agents/registry.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext, NO_TRAINER } from './fakeLab.ts';

/** Tools that only read and load the model of a run, with arguments for it. */
const LOADING: Readonly<Record<string, object>> = {
  classify_text: { run: 'run-a', texts: ['a'] },
  evaluate_run: { run: 'run-a', path: 'run.json' },
  generate_text: { run: 'run-a' },
  read_gates: { run: 'run-a', text: 'a' },
};

/** Backends of runs whose model is loaded, and whether the workspace is trusted. */
const LOADED = [
  ['wasm', false],
  ['tensorflow', true],
  ['webgpu', true],
] as const;

describe('models of native code', () => {
  const home = temporaryFolder();

  const answerOf = async (tool: string, backend: string, isTrusted: boolean) => {
    const record = exampleRecord('run-a', { backend: { name: backend, device: 'CPU', threads: 1, reason: 'test' } });
    const folder = await writeExample(runsFolder(home()), record);
    const found = AGENT_TOOLS.find(({ name }) => name === tool);
    assert.ok(found);
    const answer = await found.call(LOADING[tool], fakeContext({ home: home(), workspace: [folder], isTrusted }));
    assert.ok(!answer.ok);
    return answer.message;
  };

  for (const tool of Object.keys(LOADING))
    it(`${tool} loads them in a trusted workspace only`, async () => {
      // The tool gets as far as the trainer, which this test has not.
      for (const [backend, isTrusted] of LOADED) {
        const message = await answerOf(tool, backend, isTrusted);
        assert.ok(message.includes(NO_TRAINER), message);
      }
      for (const backend of ['tensorflow', 'webgpu'])
        assert.ok(!(await answerOf(tool, backend, false)).includes(NO_TRAINER));
    });
});
