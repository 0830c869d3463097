/**
 * `npm run audit` asks the registry of npm for known vulnerabilities of the packages in the lock file, and fails if any of
 * them, development tools included, has one of high severity.
 */
import { join } from 'node:path';
import { audit } from './lib/audit.ts';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { Unavailable } from './lib/unavailable.ts';

await main(async () => {
  try {
    console.log(await audit(join(root, 'package-lock.json')));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`Skipped: ${error.message}.`);
  }
});
