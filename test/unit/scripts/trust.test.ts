import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { root } from '../../../scripts/lib/paths.ts';
import { configFields } from '../../../src/config/fields.ts';

const setting = z.object({ type: z.string(), enum: z.array(z.string()).optional(), scope: z.string() });
const { contributes, capabilities } = z
  .object({
    contributes: z.object({ configuration: z.array(z.object({ properties: z.record(z.string(), setting) })) }),
    capabilities: z.object({
      untrustedWorkspaces: z.object({ supported: z.string(), restrictedConfigurations: z.array(z.string()) }),
    }),
  })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
  string,
  z.output<typeof setting>
>;

/** Settings that a workspace may change without trust, and why nothing runs because of them. */
const HARMLESS: Readonly<Record<string, string>> = {
  'sequenceLab.sentiment.model': 'id of a run in the store of the user; its model runs on the bundled kernels',
  'sequenceLab.export.tensorboard': 'writes into the folder of the run',
  'sequenceLab.continueAfterReload': 'a workspace cannot set it',
  'sequenceLab.parallelRuns': 'a workspace cannot set it; a bounded number of runs that the user has started',
};

describe('settings and the trust in a workspace', () => {
  const isRunSetting = (name: string) => configFields.some(({ path }) => name === `sequenceLab.${path}`);
  const { restrictedConfigurations, supported } = capabilities.untrustedWorkspaces;

  it('are restricted unless they configure a run, or are known to be harmless', () => {
    assert.equal(supported, 'limited');
    for (const name of Object.keys(settings))
      assert.ok(isRunSetting(name) || name in HARMLESS || restrictedConfigurations.includes(name), name);
    for (const name of [...restrictedConfigurations, ...Object.keys(HARMLESS)]) assert.ok(name in settings, name);
  });

  it('are those of the user only if they are restricted', () => {
    for (const name of restrictedConfigurations) assert.equal(settings[name]?.scope, 'machine', name);
  });

  it('of a run name no file or program: a text of one is a choice, or text that is read as such', () => {
    const texts = Object.entries(settings).filter(
      ([name, { type, enum: choices }]) => isRunSetting(name) && type === 'string' && !choices,
    );
    assert.deepEqual(texts.map(([name]) => name).sort(), [
      'sequenceLab.model.kernelWidths',
      'sequenceLab.sampling.prompt',
      'sequenceLab.sampling.stop',
    ]);
  });
});
