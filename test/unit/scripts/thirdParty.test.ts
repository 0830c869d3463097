import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { judge } from '../../../scripts/lib/audit.ts';
import { Unavailable } from '../../../scripts/lib/unavailable.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { billOfMaterials, noticesText, thirdPartyPackages } from '../../../scripts/lib/thirdParty.ts';

/** The metafile of a bundle of a program. */
async function bundle(contents: string) {
  const options = { bundle: true, write: false, metafile: true, platform: 'node', format: 'esm' } as const;
  const { metafile } = await build({ ...options, stdin: { contents, resolveDir: root } });
  return metafile;
}

describe('code of others in the package', () => {
  it('finds the packages that a bundle contains, and not those that are only imported as types or dropped', async () => {
    const used = await bundle(`import { Command } from 'commander'; console.log(new Command());`);
    const dropped = await bundle(`import { z } from 'zod'; console.log(1);`);
    const names = async (metafile: Awaited<ReturnType<typeof bundle>>) =>
      (await thirdPartyPackages([metafile])).map(({ name }) => name);
    assert.deepEqual(await names(used), ['commander']);
    assert.deepEqual(await names(dropped), []);
    assert.deepEqual(await thirdPartyPackages([used, used]), await thirdPartyPackages([used]));
  });

  it('has a license text for each package, from the package or by the name of its license', async () => {
    const metafile = await bundle(`import { Command } from 'commander'; console.log(new Command());`);
    const packages = await thirdPartyPackages([metafile], ['@tensorflow/tfjs-layers', 'seedrandom', 'assemblyscript']);
    const text = noticesText(packages);
    for (const { name, version, text: license } of packages) {
      assert.ok(license.length > 500, name);
      assert.ok(text.includes(`${name} ${version} (`));
      assert.ok(text.includes(license));
    }
    assert.ok(text.includes('END OF TERMS AND CONDITIONS'));
    assert.ok(text.includes('THE SOFTWARE IS PROVIDED'));
  });

  it('lists the same packages as a bill of materials, the same each time', async () => {
    const packages = await thirdPartyPackages([], ['commander', '@tensorflow/tfjs-core']);
    const product = { name: 'sequence-lab', version: '1.2.3', license: 'MIT' };
    const text = billOfMaterials(packages, product);
    assert.equal(text, billOfMaterials(packages, product));
    const bill = JSON.parse(text) as { bomFormat: string; components: { name: string; purl: string }[] };
    assert.equal(bill.bomFormat, 'CycloneDX');
    assert.deepEqual(
      bill.components.map(({ name, purl }) => [name, purl]),
      packages.map(({ name, version }) => [name, `pkg:npm/${name.replace('@', '%40')}@${version}`]),
    );
  });

  it('knows severe vulnerabilities, and a registry without advisories', () => {
    const report = (severity: string) =>
      JSON.stringify({ vulnerabilities: { left: { severity } }, metadata: { vulnerabilities: { [severity]: 1 } } });
    assert.ok(judge(report('low')).includes('1'));
    assert.throws(() => judge(report('critical')), /left/);
    for (const output of ['', '{"error":{"code":"ENOTFOUND"}}']) assert.throws(() => judge(output), Unavailable);
  });

  it('pins each action of the workflow to a commit', async () => {
    const workflow = await readFile(join(root, '.github', 'workflows', 'ci.yml'), 'utf8');
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action ?? '');
    assert.ok(actions.length > 0);
    for (const action of actions) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });
});
