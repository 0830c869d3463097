import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { tasks } from '../../../../src/config/tasks.ts';
import {
  EDITOR_TOOLS,
  type EditorState,
  editorSchema,
  type EditorTool,
  nameInEditor,
  withEditorState,
} from '../../../../src/host/agents/editorTools.ts';

const shown: EditorState = {
  path: () => '/open/file.txt',
  run: () => 'shown-run',
  text: () => 'selected',
  texts: () => ['selected'],
};
const nothing: EditorState = {
  path: () => undefined,
  run: () => undefined,
  text: () => undefined,
  texts: () => undefined,
};

const schemaOf = (tool: EditorTool) =>
  z
    .object({
      type: z.literal('object'),
      additionalProperties: z.literal(false),
      properties: z.record(z.string(), z.object({ description: z.string().optional() })),
      required: z.array(z.string()).default([]),
    })
    .parse(editorSchema(tool));

const generatedTask = Object.entries(tasks).find(([, { generated }]) => generated)?.[0];

function named(name: string): EditorTool {
  const found = EDITOR_TOOLS.find(({ tool }) => tool.name === name);
  assert.ok(found);
  return found;
}

describe('language model tools', () => {
  it('have names that VS Code accepts, each once', () => {
    const names = EDITOR_TOOLS.map(nameInEditor);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^(?!copilot_|vscode_)[\w-]{1,64}$/);
  });

  for (const tool of EDITOR_TOOLS)
    it(`${nameInEditor(tool)}: every default is an optional argument that its description names`, () => {
      const { properties, required } = schemaOf(tool);
      assert.doesNotMatch(JSON.stringify(properties), /\$ref/, 'VS Code does not resolve references');
      for (const { field, means } of tool.defaults) {
        assert.ok(!required.includes(field));
        assert.ok(properties[field]?.description?.endsWith(means));
      }
      for (const field of required) assert.ok(!tool.tool.input.safeParse({ [field]: undefined }).success);
    });

  it('take every argument that is given as it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EDITOR_TOOLS),
        fc.dictionary(fc.constantFrom('path', 'run', 'text', 'texts', 'from', 'set', 'other'), fc.jsonValue(), {
          noNullPrototype: true,
        }),
        (tool, args) => {
          const { args: filled } = withEditorState(tool, args, shown);
          assert.deepEqual({ ...(filled as object), ...args }, filled);
          assert.deepEqual(withEditorState(tool, args, nothing).args, args);
        },
      ),
    );
  });

  it('leave arguments that are no object to the checks of the tool', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EDITOR_TOOLS), fc.oneof(fc.string(), fc.integer(), fc.boolean()), (tool, args) => {
        assert.deepEqual(withEditorState(tool, args, shown), { args });
      }),
    );
  });

  it('use the run, the selection and the file that the editor shows', () => {
    assert.deepEqual(withEditorState(named('read_gates'), {}, shown), { args: { run: 'shown-run', text: 'selected' } });
    assert.deepEqual(withEditorState(named('classify_text'), undefined, shown), { args: { texts: ['selected'] } });
    const open = { args: { path: '/open/file.txt' }, openFile: '/open/file.txt' };
    assert.deepEqual(withEditorState(named('inspect_data'), {}, shown), open);
    assert.deepEqual(withEditorState(named('start_training'), {}, shown), open);
  });

  for (const [what, args] of Object.entries({
    'a run to begin from': { from: 'a-run' },
    'a training file': { set: { 'data.train': 'other.txt' } },
    'a task that generates its data': { set: { 'task.name': generatedTask } },
    'another file': { path: 'other.txt' },
  }))
    it(`do not train on the open file if the arguments name ${what}`, () => {
      assert.deepEqual(withEditorState(named('start_training'), args, shown), { args });
    });

  it('train on the open file if the arguments name a task that reads data', () => {
    const { openFile } = withEditorState(named('start_training'), { set: { 'task.name': 'classification' } }, shown);
    assert.equal(openFile, '/open/file.txt');
  });
});
