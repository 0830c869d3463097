/**
 * `npm run bench [-- options of sequence-lab bench]` builds, and times whole training steps on every backend beside
 * PyTorch, which is installed into the cache on first use.
 */
import { join } from 'node:path';
import { main } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { commandLine } from './lib/product.ts';
import { run } from './lib/run.ts';
import { ensureTorch } from './lib/torch.ts';
import { Unavailable } from './lib/unavailable.ts';

async function torchOption(words: readonly string[]): Promise<string[]> {
  if (words.includes('--torch')) return [];
  try {
    return ['--torch', await ensureTorch()];
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(`Without PyTorch: ${error.message}`);
    return [];
  }
}

await main(async () => {
  const words = process.argv.slice(2);
  const torch = await torchOption(words);
  // Nothing but the benchmark's own output, which --json makes an array.
  await run(process.execPath, [join(root, 'esbuild.mjs')], { quiet: true });
  await run(process.execPath, [commandLine, 'bench', ...torch, ...words]);
});
