import { listBackends } from '../worker/listBackends.ts';
import { backendOptions, prepareNativeEnvironment } from './environment.ts';
import { say, spokenJson } from '../phrases/phrase.ts';

/** `sequence-lab backends`. */
export async function printBackends({ json }: { json: boolean }): Promise<void> {
  prepareNativeEnvironment(0);
  const reports = await listBackends(backendOptions());
  const lines = reports.map(({ name, loads, reason, device, version }) =>
    loads
      ? `${name.padEnd(12)}${say(device ?? '')} (version ${version ?? 'unknown'})`
      : `${name.padEnd(12)}not available: ${say(reason ?? '')}`,
  );
  process.stdout.write(`${json ? spokenJson(reports) : lines.join('\n')}\n`);
}
