import { basename, dirname } from 'node:path';
import * as z from 'zod';
import { PORTABLE_FORMATS, type PortableFormatName } from '../../config/portableFormats.ts';
import { tableFile, TABLE_FORMATS, TABLE_NAMES, type TableFormat } from '../../export/formats.ts';
import { npzBytes } from '../../export/npz/npz.ts';
import { probeArrays } from '../../export/npz/probeArrays.ts';
import { type PageRun, passageOfMany, writePage } from '../../export/page/writePage.ts';
import { StoredRun } from '../../export/storedRun.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk, exists, fileInfo, fileStamps } from '../../platform/files.ts';
import { replaceFiles } from '../../runs/atomic.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { NO_COST } from '../estimate.ts';
import { allowedPath } from '../paths.ts';
import { findRuns, stateOf } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const EXPORTS = [...TABLE_FORMATS, 'npz', 'html', ...PORTABLE_FORMATS] as const;

const input = z.strictObject({
  runs: z.array(runName).min(1).max(10).describe('Runs to export; a model is exported of one run.'),
  format: z
    .enum(EXPORTS)
    .describe(
      `Table (${TABLE_FORMATS.join(', ')}), arrays of the probes (npz), page (html), or the model for another program.`,
    ),
  content: z.enum(TABLE_NAMES).default('curves').describe('Content of a table.'),
  path: z.string().min(1).describe('File to write in the workspace; of a model, a folder.'),
  replace: z.boolean().default(false).describe('Whether an existing file is replaced.'),
});

const output = z.object({
  path: z.string(),
  files: z.array(z.string()).describe('Names of the files that were written.'),
  bytes: z.int().nullable().describe('Size of a single file.'),
});

export const exportRun = defineTool({
  name: 'export_run',
  title: 'Export Run',
  description:
    'Exports runs into the workspace: curves, results, probes or gates as a table, arrays for NumPy, a page that opens in any browser without network, or the model of one run for PyTorch, Keras, onnxruntime or TensorFlow.js.',
  effect: 'changes',
  cost: 'Writes one file, or the files of a model into a folder. An existing file is replaced only with "replace".',
  input,
  output,
  async confirm(request, context) {
    const { out, runs, states } = await prepared(request, context);
    return {
      question: phrase(
        'Export {0} as {1} to {2}?',
        runs.map(({ record }) => record.id).join(', '),
        request.format,
        out,
      ),
      details: [
        request.replace && (await exists(out))
          ? phrase('The existing file is replaced.')
          : phrase('No existing file is replaced.'),
      ],
      estimate: NO_COST,
      subject: JSON.stringify([states, request.content, request.replace, await fileStamps([out])]),
    };
  },
  async run(request, context) {
    const { out, runs } = await prepared(request, context);
    if (isPortable(request.format)) {
      const files = await exportModelOf(runs, request.format, { out, replace: request.replace }, context);
      return { path: out, files, bytes: null };
    }
    const bytes = await bytesOf(runs, request, context);
    context.signal.throwIfAborted();
    await disk.makeFolder(dirname(out));
    await replaceFiles(dirname(out), { [basename(out)]: bytes }, disk);
    return { path: out, files: [basename(out)], bytes: (await fileInfo(out)).size };
  },
});

type Request = z.output<typeof input>;

/** @throws AgentError for a place that may not be written, and for a content that the format does not have */
async function prepared({ runs: names, format, content, path, replace }: Request, context: AgentContext) {
  const found = await findRuns(names, context);
  const folders = [...new Set(found.map(({ folder }) => folder))];
  const out = await allowedPath(path, context, 'write');
  if (isPortable(format) && folders.length > 1)
    throw new AgentError('A model is exported of one run. Give one run, or a table or a page of several.');
  if (!isTable(format) && content !== 'curves' && !(format === 'npz' && content === 'probes'))
    throw new AgentError(`"content" chooses what a table has, and does not apply to ${format}. Omit it.`);
  if (!isPortable(format) && (await exists(out)) && !replace)
    throw new AgentError(`"${path}" exists. Give another path, or replace it with "replace": true.`);
  const runs = await Promise.all(folders.map(async (folder) => StoredRun.open(folder)));
  return { out, runs, states: found.map(stateOf) };
}

async function bytesOf(
  runs: readonly StoredRun[],
  { format, content }: Request,
  context: AgentContext,
): Promise<string | Uint8Array> {
  if (isTable(format)) return tableFile(runs, content, format);
  if (format === 'html') return pageOf(runs, context);
  const arrays = await probeArrays(runs);
  if (arrays.size === 0)
    throw new AgentError('The run has no probes: it has no recurrent layers, or probes.every is 0.');
  return npzBytes(arrays);
}

/** A page of one run with a passage that its model has read, or of several side by side. */
async function pageOf(runs: readonly StoredRun[], { trainers, product, signal }: AgentContext): Promise<string> {
  const shown: PageRun[] = [];
  for (const { folder, record } of runs) {
    const passage =
      runs.length > 1
        ? passageOfMany
        : await trainers.ask({
            threads: record.config.threads,
            signal,
            ask: async (trainer, backends) => (await trainer.exportModel({ folder, live: false, backends })).passage,
          });
    shown.push({ folder, passage });
  }
  const { programs, version, language, translations } = product;
  return writePage({
    runs: shown,
    live: null,
    programs,
    product: version,
    language,
    translations,
    // The page shows what it has.
    warn: () => undefined,
  });
}

async function exportModelOf(
  [run]: readonly StoredRun[],
  format: PortableFormatName,
  place: { readonly out: string; readonly replace: boolean },
  { trainers, product, signal }: AgentContext,
): Promise<string[]> {
  if (!run) throw new AgentError('Give the run to export.');
  const { folder, record } = run;
  return trainers.ask({
    threads: record.config.threads,
    signal,
    ask: async (trainer, backends) =>
      trainer.exportPortable({ folder, format, ...place, programs: product.media, backends }),
  });
}

function isTable(format: string): format is TableFormat {
  return TABLE_FORMATS.some((each) => each === format);
}

function isPortable(format: string): format is PortableFormatName {
  return PORTABLE_FORMATS.some((each) => each === format);
}
