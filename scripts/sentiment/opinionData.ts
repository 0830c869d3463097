import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { shuffled } from '../../src/data/labeled/split.ts';
import type { Generator } from '../../src/random/generator.ts';
import { opinionEmoji } from '../../src/sentiment/emoji.ts';
import type { Example, TrainingData } from './trainingData.ts';

/** Sentences written for the classifier of opinions. */
export interface OpinionSentences {
  /** Facts, questions, instructions, news, schedules and the like, about many subjects. */
  readonly neutral: readonly string[];
  /** Opinions about other subjects than those of the reviews, some only by an emoji. */
  readonly opinions: readonly string[];
}

export async function readOpinionSentences(): Promise<OpinionSentences> {
  const read = async (name: string): Promise<string[]> => {
    const text = await readFile(fileURLToPath(new URL(`data/${name}.txt`, import.meta.url)), 'utf8');
    return text.split('\n').filter((line) => line !== '');
  };
  return { neutral: await read('neutral'), opinions: await read('opinions') };
}

/** Number of copies of each written sentence in an epoch. */
const COPIES = { neutral: 5, opinions: 4 };
/** Number of examples of each kind in an epoch; a pair is a neutral sentence and an opinion. */
const FILMS = 500;
const SENTENCES = 700;
const TEMPLATES = 250;
const PAIRS = 500;
/** Number of neutral sentences with an emoji in an epoch, which are opinions. */
const WITH_EMOJI = 150;
/** Fraction of the neutral examples that are two neutral sentences. */
const SHARE_OF_TWO = 0.15;
/** Most words of an opinion that follows or precedes a neutral sentence. */
const SHORT = 10;

/** Examples of an epoch: class 1 expresses an opinion, class 0 is neutral. */
export function opinionExamples(
  { neutral, opinions }: OpinionSentences,
  { films, sentences }: TrainingData,
  templates: readonly Example[],
  generator: Generator,
): Example[] {
  const choose = <T>(from: readonly T[]): T => from[generator.nextBelow(from.length)] as T;
  const copies = (texts: readonly string[], count: number): string[] =>
    Array.from({ length: count }, () => texts).flat();
  const reviews = [
    ...shuffled(films, generator).slice(0, FILMS),
    ...shuffled(sentences, generator).slice(0, SENTENCES),
  ];
  const short = [...opinions, ...templates.map(({ text }) => text)].filter((text) => text.split(' ').length <= SHORT);
  return [
    ...copies(neutral, COPIES.neutral).map((text) => ({
      text: generator.nextUniform() < SHARE_OF_TWO ? `${text} ${choose(neutral)}` : withoutEnd(text, generator),
      label: 0,
    })),
    ...reviews.map(({ text }) => ({ text, label: 1 })),
    ...copies(opinions, COPIES.opinions).map((text) => ({
      text: withoutEnd(text, generator),
      label: 1,
      intact: true,
    })),
    ...shuffled(templates, generator)
      .slice(0, TEMPLATES)
      .map(({ text }) => ({ text, label: 1, intact: true })),
    // With pairs, the subject of a sentence says nothing about its class.
    ...Array.from({ length: PAIRS }, () => {
      const parts = [choose(neutral), choose(short)];
      return { text: (generator.nextUniform() < 0.5 ? parts : parts.toReversed()).join(' '), label: 1, intact: true };
    }),
    ...Array.from({ length: WITH_EMOJI }, () => ({
      text: `${withoutEnd(choose(neutral), generator)} ${choose(opinionEmoji)}`,
      label: 1,
      intact: true,
    })),
  ];
}

/** A third of the sentences without their final period. */
function withoutEnd(text: string, generator: Generator): string {
  return generator.nextUniform() < 1 / 3 ? text.replace(/\.$/, '') : text;
}
