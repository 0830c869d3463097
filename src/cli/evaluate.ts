import { resolve } from 'node:path';
import { readRecord } from '../runs/record.ts';
import { evaluate } from '../trainer/evaluate.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';

/** `sequence-lab evaluate`. */
export async function evaluateFile(run: string, file: string, { json }: { json: boolean }): Promise<void> {
  const folder = findRun(run);
  prepareNativeEnvironment((await readRecord(folder)).config.threads);
  const result = await evaluate(folder, resolve(file), backendOptions());
  const { n, lossNats, perplexity } = result;
  const bits = lossNats / Math.LN2;
  const words = `${lossNats.toFixed(4)} nats per character, ${bits.toFixed(4)} bits per character, perplexity ${perplexity.toFixed(3)}, over ${n} characters`;
  process.stdout.write(`${json ? JSON.stringify(result) : words}\n`);
}
