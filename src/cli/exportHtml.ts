import packageJson from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/parse.ts';
import { withKernels } from '../export/page/liveModel.ts';
import { type PageRun, passageOfMany, writePage } from '../export/page/writePage.ts';
import type { StoredRun } from '../export/storedRun.ts';
import { phrase } from '../phrases/phrase.ts';
import { disk } from '../platform/files.ts';
import type { LiveModel } from '../protocol/exportedPage.ts';
import { MAX_COMPARED_RUNS } from '../protocol/comparison.ts';
import { writeFileAtomic } from '../runs/atomic.ts';
import { exportModel } from '../worker/exportModel.ts';
import { warn } from './catalog.ts';
import { backendOptions, prepareNativeEnvironment } from './environment.ts';
import { programs } from './installed.ts';

interface HtmlOptions {
  /** Absolute path to write. */
  readonly out: string;
  /** Whether the page runs the model, too. */
  readonly live: boolean;
}

/** `sequence-lab export RUN... --html`: writes one run, or several side by side, as a page. */
export async function exportHtml(runs: readonly StoredRun[], { out, live }: HtmlOptions): Promise<void> {
  if (runs.length > MAX_COMPARED_RUNS)
    throw new ConfigError(phrase('A page shows at most {0} runs; {1} are named.', MAX_COMPARED_RUNS, runs.length));
  if (live && runs.length > 1)
    throw new ConfigError(phrase('--live applies to one run. Name one run, or omit --live.'));
  const shown: PageRun[] = [];
  let model: LiveModel | null = null;
  for (const { folder, record } of runs) {
    if (runs.length > 1) {
      shown.push({ folder, passage: passageOfMany });
      continue;
    }
    prepareNativeEnvironment(record.config.threads);
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
    warn,
  });
  await writeFileAtomic(out, html, disk);
}
