import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import * as z from 'zod';
import { AGENT_TOOLS } from '../../../src/agents/registry.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

/** The parts of a JSON schema from which arguments are made. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** Texts that mean something to a tool: runs, paths, fields of configurations and of tables. */
const telling = [
  'run-a',
  'run-b',
  'run',
  'gone',
  'a.txt',
  '../a.txt',
  'best',
  '-lr',
  'trainLoss',
  'cell = lstm',
  '(',
  '',
];
const FIELDS = ['model.units', 'model.cell', 'task.name', 'data.train', 'training.steps', 'nothing', '__proto__'];

function values(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(values));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Math.max(-50, schema.minimum ?? -50), max: Math.min(100, schema.maximum ?? 100) });
    case 'number':
      // A run is waited for at most a moment.
      return fc.constantFrom(0, 0.01);
    case 'array':
      return fc.array(values(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'object':
      return schema.properties
        ? argumentsOf(schema)
        : fc.dictionary(fc.constantFrom(...FIELDS), values(valueOf(schema)));
    case 'string':
      return fc.oneof(fc.constantFrom(...telling), fc.string());
    case undefined:
    default:
      return fc.jsonValue();
  }
}

function valueOf({ additionalProperties }: Schema): Schema {
  return typeof additionalProperties === 'object' ? additionalProperties : {};
}

function argumentsOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<object> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, values(schema)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

describe('arguments of tools', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  beforeEach(async () => {
    const runs = runsFolder(home());
    await writeExample(runs, exampleRecord('run-a', { config: { model: { units: 8 } } }));
    await writeExample(runs, exampleRecord('run-b'));
  });

  const context = () => fakeContext({ home: home(), workspace: [join(home(), 'workspace')] });

  for (const tool of AGENT_TOOLS) {
    it(`${tool.name}: of any kind have an answer, and wrong ones name what the tool takes`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.anything(), async (args) => {
          const { success } = tool.input.safeParse(args ?? {});
          const answer = await tool.call(args, context());
          if (success) return;
          assert.ok(!answer.ok);
          for (const name of Object.keys(tool.input.shape)) assert.ok(answer.message.includes(name));
        }),
        { numRuns: 50 },
      );
    });

    it(`${tool.name}: that fit the schema have an answer that fits its schema, or a message`, async () => {
      const schema = z.toJSONSchema(tool.input, { io: 'input' }) as Schema;
      await fc.assert(
        fc.asyncProperty(argumentsOf(schema), async (args) => {
          const asked = await tool.confirmation(args, context());
          const answer = await tool.call(args, context());
          if (answer.ok) assert.deepEqual(tool.output.parse(answer.content), answer.content);
          else assert.ok(answer.message.length > 10);
          if (!asked.ok) assert.ok(asked.message.length > 10);
        }),
        { numRuns: 40 },
      );
    });
  }
});
