import type { LessonId } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonRecord } from './records.ts';

/** A claim about the runs of a lesson, which is judged for each seed on its own. */
export interface Claim {
  readonly lesson: LessonId;
  /** The claim in one sentence, for the table. */
  readonly claim: string;
  /** Keys of the runs that it is about. */
  readonly runs: readonly string[];
  /** Fields that differ from the lesson's runs, by their dotted paths, such as fewer steps. */
  readonly changes?: Readonly<Record<string, unknown>>;
  /** Whether the claim holds for one seed. @param records the runs by their keys */
  readonly holds: (records: Readonly<Record<string, LessonRecord>>) => boolean;
  /** The numbers that decide for one seed, such as "400 / 1,200 steps". */
  readonly figures: (records: Readonly<Record<string, LessonRecord>>) => string;
  /** Smallest share of the seeds for which it must hold, from 0 to 1. */
  readonly share: number;
}

/** A run of a claim with one seed. */
export interface Job {
  readonly lesson: LessonId;
  readonly run: string;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

/** Identifies a job: claims share their runs. */
export function jobKey({ lesson, run, changes, seed }: Job): string {
  return JSON.stringify([lesson, run, changes, seed]);
}

function jobsOfClaim({ lesson, runs, changes = {} }: Claim, seed: number): Job[] {
  return runs.map((run) => ({ lesson, run, changes, seed }));
}

/** All trainings of the claims, each once. */
export function jobsOf(claims: readonly Claim[], seeds: readonly number[]): Job[] {
  const jobs = claims.flatMap((claim) => seeds.flatMap((seed) => jobsOfClaim(claim, seed)));
  return [...new Map(jobs.map((job) => [jobKey(job), job])).values()];
}

/** A claim that was judged for all seeds. */
export interface Judged {
  readonly claim: Claim;
  /** Seeds for which it holds. */
  readonly held: readonly number[];
  readonly seeds: readonly number[];
  /** Figures of each seed. */
  readonly figures: readonly string[];
  /** Whether it holds for its share of the seeds. */
  readonly passes: boolean;
}

/**
 * Judges claims on the runs of all seeds.
 * @param records runs by the keys of their jobs
 * @throws Error if a run is missing
 */
export function judge(
  claims: readonly Claim[],
  seeds: readonly number[],
  records: ReadonlyMap<string, LessonRecord>,
): Judged[] {
  return claims.map((claim) => {
    const bySeed = seeds.map((seed) =>
      Object.fromEntries(
        jobsOfClaim(claim, seed).map((job) => {
          const record = records.get(jobKey(job));
          if (!record) throw new Error(`There is no run ${jobKey(job)}.`);
          return [job.run, record];
        }),
      ),
    );
    const held = seeds.filter((_, i) => claim.holds(bySeed[i] ?? {}));
    return {
      claim,
      held,
      seeds,
      figures: bySeed.map((each) => claim.figures(each)),
      passes: held.length >= Math.ceil(claim.share * seeds.length - Number.EPSILON * seeds.length),
    };
  });
}

/** The judged claims as a Markdown table. */
export function tableOf(judged: readonly Judged[]): string {
  const rows = judged.map(({ claim, held, seeds, figures, passes }) => [
    claim.lesson,
    claim.claim,
    `${held.length} of ${seeds.length}${passes ? '' : ' **(too few)**'}`,
    `${Math.ceil(claim.share * seeds.length - Number.EPSILON * seeds.length)}`,
    figures.join('; '),
  ]);
  const head = ['lesson', 'claim', 'seeds for which it holds', 'at least', 'by seed'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
