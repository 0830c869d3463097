import { shuffled } from '../../src/data/labeled/split.ts';
import { Generator } from '../../src/random/generator.ts';
import { readWords } from '../../src/sentiment/pieces.ts';
import { type OpinionParts, SentimentModel, type SentimentParts } from '../../src/sentiment/sentimentModel.ts';
import type { Example, TrainingData } from './trainingData.ts';
import { templateExamples } from './examples.ts';
import { opinionExamples, type OpinionSentences } from './opinionData.ts';
import { opinionRecipe as recipe } from './recipe.ts';
import { trainOpinion } from './trainOpinion.ts';

/** Results on held-out sentences, on which the threshold was chosen. */
export interface OpinionCheck {
  readonly threshold: number;
  /** Fraction of the neutral sentences above the threshold. */
  readonly neutralAbove: number;
  /** Fractions of the reviews below it. */
  readonly filmsBelow: number;
  readonly sentencesBelow: number;
}

/** Number of parts of the neutral sentences; each is held out once. */
const FOLDS = 5;
/** Fraction of held-out neutral sentences above the threshold. */
const FIRM_NEUTRAL = 0.07;
/** Number of template sentences to choose from in each epoch. */
const TEMPLATES = 600;

/**
 * Trains the classifier of opinions, and chooses its threshold by cross-validation: each part of the neutral sentences
 * and of the reviews is scored by a classifier that was trained without it.
 */
export async function opinionClassifier(
  networks: SentimentParts,
  data: TrainingData,
  written: OpinionSentences,
): Promise<{ readonly opinion: OpinionParts; readonly check: OpinionCheck }> {
  const generator = Generator.forPurpose(recipe.seed, 'folds of opinions');
  const neutral = shuffled(written.neutral, generator);
  const films = shuffled(data.films, generator);
  const sentences = shuffled(data.sentences, generator);
  const scores = { neutral: new Array<number>(), films: new Array<number>(), sentences: new Array<number>() };
  for (let fold = 0; fold < FOLDS; fold++) {
    const [inNeutral, outNeutral] = split(neutral, fold);
    const [inFilms, outFilms] = split(films, fold);
    const [inSentences, outSentences] = split(sentences, fold);
    const kept = { films: inFilms, sentences: inSentences };
    const opinion = await train(networks, kept, { ...written, neutral: inNeutral }, `Fold ${fold + 1} of ${FOLDS}`);
    const model = new SentimentModel({ ...networks, opinion });
    scores.neutral.push(...(await scoresOf(model, outNeutral)));
    scores.films.push(...(await scoresOf(model, textsOf(outFilms).slice(0, outNeutral.length))));
    scores.sentences.push(...(await scoresOf(model, textsOf(outSentences).slice(0, outNeutral.length))));
    model.dispose();
  }
  const descending = scores.neutral.toSorted((a, b) => b - a);
  const threshold = descending[Math.floor(FIRM_NEUTRAL * descending.length)]!;
  const share = (values: readonly number[], isCounted: (value: number) => boolean): number =>
    values.filter(isCounted).length / values.length;
  const check = {
    threshold,
    neutralAbove: share(scores.neutral, (score) => score > threshold),
    filmsBelow: share(scores.films, (score) => score < threshold),
    sentencesBelow: share(scores.sentences, (score) => score < threshold),
  };
  return { opinion: { ...(await train(networks, data, written, 'Opinions')), threshold }, check };
}

async function train(
  { table, members }: SentimentParts,
  data: TrainingData,
  written: OpinionSentences,
  what: string,
): Promise<OpinionParts> {
  const templates = templateExamples([...data.films, ...data.sentences], {
    epochs: recipe.epochs,
    count: TEMPLATES,
    seed: recipe.seed,
  });
  const examplesOf = (epoch: number): Example[] =>
    opinionExamples(written, data, templates[epoch]!, Generator.forPurpose(recipe.seed, `opinions ${epoch}`));
  const { difference } = members[0]!;
  const weights = await trainOpinion(examplesOf, { table, difference }, recipe, (epoch, loss) => {
    if (epoch === recipe.epochs) console.log(`${what}: loss ${loss.toFixed(3)}`);
  });
  return { units: recipe.units, weights, threshold: 0 };
}

async function scoresOf(model: SentimentModel, texts: readonly string[]): Promise<readonly number[]> {
  const { vocabulary } = model.parts.table;
  const { opinions } = await model.read(texts.map((text) => vocabulary.encode(readWords(text))));
  return opinions ?? [];
}

/** The items without a fold, and the fold. */
function split<T>(items: readonly T[], fold: number): [kept: T[], heldOut: T[]] {
  const isIn = (_: T, index: number): boolean => index % FOLDS === fold;
  return [items.filter((item, index) => !isIn(item, index)), items.filter(isIn)];
}

function textsOf(examples: readonly Example[]): string[] {
  return examples.map(({ text }) => text);
}
