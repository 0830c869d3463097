import { utf8Text } from '../../../src/platform/web/bytes.ts';
import { fetched } from './fetched.ts';

/** Reading of files of the clone, as `node:fs` does it. */
export function readFileSync(path: string | URL, encoding?: 'utf8'): Uint8Array | string {
  const bytes = fetched(path);
  if (!bytes) throw new Error(`A browser reads ${String(path)} only with a promise.`);
  return encoding === undefined ? bytes : utf8Text(bytes);
}

/** The names in a folder of the clone. */
export function readdirSync(path: string | URL): string[] {
  return JSON.parse(String(readFileSync(path, 'utf8'))) as string[];
}
