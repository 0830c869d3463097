import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..', '..');

describe('settings, their texts and the JSON schema', () => {
  it('are up to date with the schema of the configuration', async () => {
    await assert.doesNotReject(
      promisify(execFile)(process.execPath, [join(root, 'scripts', 'generate.ts'), '--check']),
    );
  });
});
