import assert from 'node:assert/strict';
import { build, type BuildOptions } from 'esbuild';
import { builtinModules } from 'node:module';
import { webExtensionOptions } from '../../../../scripts/lib/hostWeb.ts';
import { root } from '../../../../scripts/lib/paths.ts';
import { webWorkerOptions } from '../../../../scripts/lib/webPlatform.ts';

const BUILTIN = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

interface Bundle {
  /** The modules that it requires when it runs. */
  readonly required: readonly string[];
  readonly text: string;
}

async function bundled(entry: string, options: BuildOptions): Promise<Bundle> {
  const { outputFiles = [], metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: 'unused',
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [file, ...others] = outputFiles;
  assert.ok(file && others.length === 0, 'one file');
  const imports = Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports);
  return { required: [...new Set(imports.map(({ path }) => path))], text: file.text };
}

describe('the bundles for a browser', function () {
  this.timeout(120_000);

  let extension: Bundle;
  let trainer: Bundle;

  before(async () => {
    extension = await bundled('src/extension.ts', webExtensionOptions);
    trainer = await bundled('src/worker/webWorker.ts', webWorkerOptions);
  });

  it('require no module but that of VS Code, and are one file each', () => {
    assert.deepEqual(extension.required, ['vscode']);
    assert.deepEqual(trainer.required, []);
    for (const { text } of [extension, trainer])
      for (const [, name = ''] of text.matchAll(/\b(?:require|import)\(\s*["']([^"']+)["']\s*\)/g))
        assert.ok(!BUILTIN.has(name), name);
  });

  it('are classic scripts, as which VS Code starts workers', () => {
    assert.doesNotThrow(() => new Function(trainer.text));
  });
});
