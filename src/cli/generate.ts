import { readRecord } from '../runs/record.ts';
import { generate } from '../trainer/generate.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';

/** `sequence-lab generate`: prints the prompt and its continuation as it is written; an interrupt ends it early. */
export async function generateText(
  run: string,
  options: { prompt: string; length: number; temperature: number; seed: number },
): Promise<void> {
  const folder = findRun(run);
  prepareNativeEnvironment((await readRecord(folder)).config.threads);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.stdout.write(options.prompt);
  await generate({ folder, ...options, backends: backendOptions() }, (piece) => process.stdout.write(piece), interrupt.signal);
  process.stdout.write('\n');
}
