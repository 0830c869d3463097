import measuredOdds from './adviceOdds.json' with { type: 'json' };
import { phrase, type Text } from '../phrases/phrase.ts';
import type { Advice, Occasion, Odds, Proposal } from './verdicts.ts';

/** Share of helped trial runs from which on advice counts as reliable; below, it is offered as an experiment. */
const RELIABLE = 0.7;

/** Advice that helped less often is not given. */
const USELESS = 0.2;

/** Fewer trial runs say nothing about advice. */
const MIN_TRIED = 5;

/** Trial runs by occasion and name of the advice, written by `npm run bench -- verdicts --write`. */
const oddsOf: ReadonlyMap<string, Odds> = new Map(Object.entries(measuredOdds));

/** Key of a piece of advice in the table of odds. */
export function oddsKey({ occasion, name }: Pick<Advice, 'occasion' | 'name'>): string {
  return `${occasion}: ${name}`;
}

/** Proposals for an occasion with their measured odds. */
export function measuredAdvice(occasion: Occasion, proposals: readonly Proposal[]): Advice[] {
  return proposals.map((each) => ({
    ...each,
    occasion,
    odds: oddsOf.get(oddsKey({ occasion, name: each.name })) ?? null,
  }));
}

/**
 * Advice without what hardly ever helps, each change once, the most successful first. Advice that was not measured
 * keeps its place after that which was.
 */
export function rankAdvice(advice: readonly Advice[]): Advice[] {
  const ranked = advice
    .filter(({ odds }) => odds === null || odds.tried < MIN_TRIED || shareOf(odds) >= USELESS)
    .sort((a, b) => (b.odds ? shareOf(b.odds) : 0) - (a.odds ? shareOf(a.odds) : 0));
  return ranked.filter((one, index) => ranked.findIndex(({ name }) => name === one.name) === index);
}

/** Whether advice is an experiment: it helped too seldom to be relied on, or was not measured. */
export function isExperiment({ odds }: Pick<Advice, 'odds'>): boolean {
  return odds === null || odds.tried < MIN_TRIED || shareOf(odds) < RELIABLE;
}

/** Describes the odds, such as "Helped in 12 of 15 trial runs." */
export function describeOdds({ odds }: Pick<Advice, 'odds'>): Text {
  return odds === null ? phrase('Not measured.') : phrase('Helped in {0} of {1} trial runs.', odds.helped, odds.tried);
}

function shareOf({ tried, helped }: Odds): number {
  return helped / tried;
}
