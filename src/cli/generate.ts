import { readRecord } from '../runs/record.ts';
import { generate } from '../worker/generate.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';

/**
 * `sequence-lab generate`: prints the prompt and its continuation, or one text of a label per line, while they are
 * generated. An interrupt ends it early.
 */
export async function generateText(
  run: string,
  options: { prompt: string; label?: string; length: number; temperature: number; topK: number; seed: number },
): Promise<void> {
  const folder = findRun(run);
  const { config } = await readRecord(folder);
  prepareNativeEnvironment(config.threads);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  // Texts of a label contain the prompt already.
  if (config.task.name === 'language-model') process.stdout.write(options.prompt);
  await generate(
    { folder, ...options, backends: backendOptions() },
    (piece) => process.stdout.write(piece),
    interrupt.signal,
  );
  process.stdout.write('\n');
}
