import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { translate } from '../worker/translate.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { readLines } from './lines.ts';

/** `sequence-lab translate`: prints the model's output for each text, one per line. */
export async function translateTexts(
  run: string,
  file: string | undefined,
  { text }: { readonly text?: string },
): Promise<void> {
  const folder = findRun(run);
  prepareNativeEnvironment((await readOwnRecord(folder)).config.threads);
  const texts = text === undefined ? await readLines(file) : [text];
  for (const written of await translate(folder, texts, backendOptions())) process.stdout.write(`${written}\n`);
}
