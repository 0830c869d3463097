import { tokensOf } from '../config/tasks.ts';
import { readText } from '../data/textReader.ts';
import { judgedDirection, type Probe } from '../protocol/probes.ts';
import { withStableNames } from '../protocol/stableNames.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { OpenedRun } from '../worker/openedRun.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { probeReport } from './probeReport.ts';
import { spokenJson } from '../phrases/phrase.ts';

/** Number of characters of a file that a probe reads, more than its longest window. */
const HEAD = 501;
/** The same for a model of words, which reads at most 500 of them. */
const HEAD_OF_WORDS = 8 * HEAD;

/**
 * `sequence-lab probe`: gradient flow and gates of a stored run, on its probe batch or on the beginning of a text file.
 */
export async function printProbe(
  run: string,
  { text, carried, json }: { text?: string; carried: boolean; json: boolean },
): Promise<void> {
  const folder = findRun(run);
  const { config, state } = await readOwnRecord(folder);
  prepareNativeEnvironment(config.threads);
  const head = tokensOf(config.task) !== 'character' ? HEAD_OF_WORDS : HEAD;
  const opened = await OpenedRun.open(folder, backendOptions());
  try {
    const probe = await opened.probe(
      text === undefined ? null : await headOf(text, head),
      carried ? 'carried' : 'zero',
    );
    process.stdout.write(
      json
        ? `${spokenJson(withStableNames('probe', summary(probe)))}\n`
        : probeReport(probe, { isImported: state === 'imported' }),
    );
  } finally {
    opened.dispose();
  }
}

/** First characters of a text file. @throws InputError if it cannot be read or is empty */
async function headOf(path: string, characters: number): Promise<string> {
  let head = '';
  for await (const piece of await readText({ kind: 'file', path })) {
    head += piece;
    if (head.length >= 2 * characters) break;
  }
  return Array.from(head).slice(0, characters).join('');
}

/**
 * JSON output: the median flow of the judged direction and other measurements of its layer at the top level, everything
 * under `flow` and `layers`.
 */
function summary(probe: Probe): object {
  const { verdict, verdicts, facts, advice, flow, learning, layers, ...others } = probe;
  const { flow: judged, layer } = judgedDirection(probe);
  return {
    verdict,
    verdicts,
    flow,
    learning,
    facts,
    advice,
    lastStep: judged.median,
    summed: layer.summed.h,
    lagMatrix: layer.lagMatrix,
    jacobian: layer.jacobian,
    sigmaMax: layer.sigmaMax,
    spectralRadius: layer.spectralRadius,
    effectiveMemory: layer.effectiveMemory,
    gates: layer.gates,
    ...others,
    layers,
  };
}
