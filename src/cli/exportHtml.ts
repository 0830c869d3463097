import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/parse.ts';
import { withKernels } from '../export/page/liveModel.ts';
import { type PageRun, writePage } from '../export/page/writePage.ts';
import { phrase } from '../phrases/phrase.ts';
import type { LiveModel } from '../protocol/exportedPage.ts';
import { MAX_COMPARED_RUNS } from '../protocol/comparison.ts';
import { readRecord } from '../runs/record.ts';
import { exportModel } from '../worker/exportModel.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';

export interface HtmlOptions {
  readonly out: string;
  /** Whether the page runs the model, too. */
  readonly live: boolean;
  /** Whether an existing file is replaced. */
  readonly force: boolean;
}

/** Folder of the built programs: that of the bundle, or `dist/` for code that runs unbundled. */
const programs = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/' : './', import.meta.url));

/** `sequence-lab export RUN... --html`: writes one run, or several side by side, as a page. */
export async function exportHtml(runs: readonly string[], { out, live, force }: HtmlOptions): Promise<void> {
  const path = resolve(out);
  if (runs.length > MAX_COMPARED_RUNS)
    throw new ConfigError(phrase('A page shows at most {0} runs; {1} are named.', MAX_COMPARED_RUNS, runs.length));
  if (live && runs.length > 1)
    throw new ConfigError(phrase('--live applies to one run. Name one run, or omit --live.'));
  if (!force && existsSync(path))
    throw new ConfigError(phrase('{0} exists. Choose another file, or replace it with --force.', path));
  const shown: PageRun[] = [];
  let model: LiveModel | null = null;
  for (const folder of runs.map(findRun)) {
    prepareNativeEnvironment((await readRecord(folder)).config.threads);
    const exported = await exportModel({ folder, live, backends: backendOptions() });
    shown.push({ folder, passage: exported.passage });
    if (exported.live) model = await withKernels(exported.live, programs);
  }
  const html = await writePage({
    runs: shown,
    live: model,
    programs,
    product: packageJson.version,
    language: 'en',
    translations: {},
  });
  await writeFile(path, html);
  process.stdout.write(`${path}\n`);
}
