import type { TaggedSentence } from '../../../data/tagged/taggedText.ts';
import { HmmTagger } from '../../../models/hmm/tagger/hmmTagger.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { type FittingStep, Iterated } from '../../../training/iterated.ts';
import type { YieldNow, TrainingTask } from '../../../training/trainingTask.ts';
import { hmmTaggerFiles } from './savedTagger.ts';
import { validationScores } from './recurrentTagger.ts';
import type { TaggingData } from './taggingData.ts';
import { taggingReport } from './taggingReport.ts';
import { type TaggedAnswer, type TaggingScores, taggingScores } from './taggingScores.ts';
import { phrase } from '../../../phrases/phrase.ts';

/** Sentences between two yields to the event loop. */
const AT_ONCE = 50;
/** Maximum number of words in the sentence whose trellis is drawn. */
const TRELLIS_WORDS = 14;
/** Arrows of a lower probability are not drawn. */
const SEEN = 0.05;

/** Hidden Markov model of tags and words, estimated from counts in one step (Church 1988). */
export function markovTagger(data: TaggingData): TrainingTask {
  let tagger: HmmTagger | undefined;
  const fitted = (): HmmTagger => {
    if (!tagger) throw new Error('The model has not been fitted yet.');
    return tagger;
  };
  const loop = new Iterated({
    items: data.train.length,
    *run(): Generator<FittingStep, void> {
      const counted = HmmTagger.fit(data.train);
      tagger = counted;
      const answers = data.train.map(({ words }) => answerOf(counted, words));
      yield { loss: taggingScores(data.train, answers, data.tags, data.scheme).lossNats, gradientNorm: NaN };
    },
  });
  let shown: { answers: readonly TaggedAnswer[]; scores: TaggingScores } | undefined;
  return {
    loop,
    parameterCount: numbersIn(data),
    stockObstacle: phrase('A hidden Markov model has no TensorFlow.js layers.'),
    initialize: () => undefined,
    async validate(yieldNow) {
      const answers = await tagByMarkov(
        fitted(),
        data.validation.map(({ words }) => words),
        yieldNow,
      );
      const scores = taggingScores(data.validation, answers, data.tags, data.scheme);
      shown = { answers, scores };
      return { loss: scores.lossNats, n: scores.sentences, scores: validationScores(scores) };
    },
    report: () =>
      Promise.resolve(
        shown
          ? [
              ...taggingReport(data.validation, shown.answers, shown.scores, data.tags),
              stateDiagram(fitted()),
              trellis(fitted(), data.validation),
            ]
          : [],
      ),
    modelFiles: () => Promise.resolve(tagger ? hmmTaggerFiles(tagger) : {}),
    dispose: () => undefined,
  };
}

export async function tagByMarkov(
  tagger: HmmTagger,
  sentences: readonly (readonly string[])[],
  yieldNow: YieldNow,
): Promise<TaggedAnswer[]> {
  const answers: TaggedAnswer[] = [];
  for (const words of sentences) {
    answers.push(answerOf(tagger, words));
    if (answers.length % AT_ONCE === 0) await yieldNow();
  }
  return answers;
}

function answerOf(tagger: HmmTagger, words: readonly string[]): TaggedAnswer {
  return { tags: tagger.tag(words), probabilities: tagger.probabilities(words) };
}

/** Number of parameters: initial, transition and emission probabilities. */
function numbersIn({ train, tags }: TaggingData): number {
  const words = new Set(train.flatMap((sentence) => sentence.words));
  return tags.length * (1 + tags.length + words.size);
}

/** Graph of the states and their transition probabilities. */
function stateDiagram({ tags, logInitial, logTransition, states }: HmmTagger): ReportBlock {
  const edges = Array.from(logTransition, (log, at) => ({
    from: Math.floor(at / states),
    to: at % states,
    weight: Math.exp(log),
  }));
  return {
    kind: 'graph',
    title: phrase('States of the hidden Markov model'),
    nodes: tags.map((name, state) => ({
      name,
      note: phrase('begins a sentence with probability {0}', Math.exp(logInitial[state] ?? 0).toFixed(3)),
    })),
    edges: edges.filter(({ weight }) => weight >= SEEN),
    note: phrase('Each state is a tag. Arrows show transition probabilities of at least {0}.', SEEN),
  };
}

/** Trellis of a sentence: the probability of each tag at each word, and the Viterbi path. */
function trellis(tagger: HmmTagger, sentences: readonly TaggedSentence[]): ReportBlock {
  const sentence = sentences.find(({ words }) => words.length > 3 && words.length <= TRELLIS_WORDS) ?? sentences[0]!;
  const words = sentence.words.slice(0, TRELLIS_WORDS);
  const probabilities = tagger.probabilities(words);
  const path = [...tagger.trellis(words).path];
  const { tags } = tagger;
  return {
    kind: 'matrix',
    title: phrase('Trellis of a sentence'),
    rowAxis: phrase('tag'),
    columnAxis: phrase('word'),
    rows: [...tags],
    columns: [...words],
    values: tags.flatMap((_, tag) => words.map((_word, t) => probabilities[t * tags.length + tag] ?? 0)),
    unit: phrase('probability of the tag, given the whole sentence'),
    path,
    note: phrase(
      'The most likely path: {0}.',
      words.map((word, t) => `${word} ${tags[path[t] ?? 0] ?? ''}`).join(', '),
    ),
  };
}
