import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';

/**
 * Packs a language pack without translations of VS Code. With it, the workbench accepts the language and loads the
 * translations of extensions.
 * @returns path of the VSIX file, in a new temporary folder
 */
export async function packLanguage(language: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-language-'));
  const translations = 'translations/main.i18n.json';
  const manifest = {
    name: `language-pack-${language}`,
    publisher: 'sequence-lab-tests',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    contributes: {
      localizations: [{ languageId: language, translations: [{ id: 'vscode', path: `./${translations}` }] }],
    },
  };
  await mkdir(join(folder, 'translations'));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, translations), JSON.stringify({ version: '1.0.0', contents: {} }));
  const packagePath = join(folder, 'language.vsix');
  await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
  return packagePath;
}
