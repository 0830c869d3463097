import { SingleBar } from 'cli-progress';
import { phrase, say, spokenJson } from '../phrases/phrase.ts';
import { describeDifference } from '../protocol/replay.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { type Verification, type VerifyListener, verifyRun } from '../worker/replay/verify.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { ExitCode } from './exitCodes.ts';

/** Flags of `verify`, as parsed by commander. */
export interface VerifyFlags {
  readonly steps?: number;
  readonly fromStep: number;
  readonly json: boolean;
}

/**
 * `sequence-lab verify`.
 * @returns the exit code: 0 if the run is equal to its record
 */
export async function verify(run: string, { json, ...range }: VerifyFlags): Promise<number> {
  const folder = findRun(run);
  const { config } = await readOwnRecord(folder);
  prepareNativeEnvironment(config.threads);
  const bar = json ? undefined : new SingleBar({ format: ' {bar} step {value}/{total}', clearOnComplete: true });
  const listener: VerifyListener = {
    start(notices, to) {
      if (json) return;
      for (const notice of notices) process.stderr.write(`${say(notice)}\n`);
      bar?.start(to, range.fromStep);
    },
    step: (step) => bar?.update(step),
  };
  const result = await verifyRun({ folder, backends: backendOptions(), ...range }, listener).finally(() => bar?.stop());
  process.stdout.write(`${json ? spokenJson(result) : describe(result)}\n`);
  return result.equal ? ExitCode.ok : ExitCode.failed;
}

function describe({
  difference,
  from,
  to,
  steps,
  backend,
  checkpoints,
  models,
  probes,
  samples,
}: Verification): string {
  if (difference) return say(describeDifference(difference));
  const none = phrase('none');
  return say(
    phrase(
      'Equal bit for bit on {0}: steps {1} to {2} of {3}, checkpoints of steps {4}, models of steps {5}, probes of steps {6}, samples of steps {7}.',
      backend,
      from + 1,
      to,
      steps,
      checkpoints.join(', ') || none,
      models.join(', ') || none,
      probes.join(', ') || none,
      samples.join(', ') || none,
    ),
  );
}
