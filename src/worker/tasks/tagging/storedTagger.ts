import { InputError } from '../../../data/inputError.ts';
import { tagSchemeOf } from '../../../data/tagged/tagScheme.ts';
import { readTagged } from '../../../data/tagged/readTagged.ts';
import { yieldToEventLoop } from '../../../platform/system.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { readSource } from '../dataFiles.ts';
import { likeliestAnswers } from '../likeliestAnswers.ts';
import type { Evaluated, StoredModel } from '../storedModel.ts';
import { tagByMarkov } from './markovTagger.ts';
import { tagAll } from './recurrentTagger.ts';
import { loadTagger } from './savedTagger.ts';
import { readingOf, withKnownTags } from './taggingData.ts';
import { percent } from './taggingReport.ts';
import { taggingScores } from './taggingScores.ts';
import { joined, phrase } from '../../../phrases/phrase.ts';

/** Words with their hyphens, apostrophes and dots, and any other character on its own. */
const TYPED_WORDS = /[\p{L}\p{M}\p{N}]+(?:[-'\u2019.][\p{L}\p{M}\p{N}]+)*|\S/gu;

/** The tagger of a run. */
export async function openTagger(folder: string, { config }: Pick<RunRecord, 'config'>): Promise<StoredModel> {
  const saved = await loadTagger(folder);
  const tags = saved.family === 'recurrent' ? saved.tags : saved.tagger.tags;
  const answersTo = async (sentences: readonly (readonly string[])[]) =>
    saved.family === 'recurrent'
      ? tagAll(saved.model, saved.words, tags, sentences)
      : tagByMarkov(saved.tagger, sentences, () => yieldToEventLoop());
  return {
    async answer(text, top) {
      const words = text.match(TYPED_WORDS) ?? [];
      const [found] = words.length === 0 ? [] : await answersTo([words]);
      const rowOf = (t: number) => found?.probabilities.slice(t * tags.length, (t + 1) * tags.length) ?? [];
      return {
        of: 'words',
        pieces: words.map((word, t) => ({ text: word, top: likeliestAnswers(tags, rowOf(t), top) })),
      };
    },
    async evaluate(path): Promise<Evaluated> {
      const { sentences, problems } = await readTagged(readSource({ kind: 'file', path }, config), {
        columns: readingOf(config.task).columns,
      });
      const { kept, unknown } = withKnownTags(sentences, tags);
      if (kept.length === 0)
        throw new InputError(
          'unknown-label',
          phrase('No sentence of "{0}" has only tags that the model knows ({1}).', path, tags.join(', ')),
        );
      const answers = await answersTo(kept.map(({ words }) => words));
      const scores = taggingScores(
        kept,
        answers,
        tags,
        tagSchemeOf(kept.map((sentence) => sentence.tags)) ?? tagSchemeOf([tags]),
      );
      const { words: n, accuracy, sentenceAccuracy, macroF1, lossNats, entity, confusion } = scores;
      const correct = phrase(
        '{0} of {1} words and {2} of {3} sentences are tagged correctly',
        percent(accuracy),
        n,
        percent(sentenceAccuracy),
        kept.length,
      );
      const ofEntities =
        entity &&
        phrase(
          'entities F1 {0} (precision {1}, recall {2}), strict F1 {3}',
          entity.f1.toFixed(4),
          entity.precision.toFixed(4),
          entity.recall.toFixed(4),
          entity.strict.f1.toFixed(4),
        );
      return {
        measures: {
          task: 'tagging',
          n,
          sentences: kept.length,
          accuracy,
          sentenceAccuracy,
          macroF1,
          lossNats,
          ...(entity && {
            entityF1: entity.f1,
            entityPrecision: entity.precision,
            entityRecall: entity.recall,
            tagScheme: entity.scheme,
            strictEntityF1: entity.strict.f1,
            strictEntityPrecision: entity.strict.precision,
            strictEntityRecall: entity.strict.recall,
            entityTypes: entity.types,
          }),
          confusion,
          labels: tags,
        },
        summary: joined([joined([correct, ofEntities], ', '), phrase('{0} nats per word', lossNats.toFixed(4))], '; '),
        predictions: kept.flatMap((sentence, index) => [
          ...sentence.words.map((word, t) => [word, answers[index]?.tags[t] ?? ''].join('\t')),
          '',
        ]),
        skipped: [
          ...problems.map(({ line, reason }) => ({ where: phrase('line {0}', line), reason })),
          ...(unknown.length === 0
            ? []
            : [
                {
                  where: phrase('sentences: {0}', sentences.length - kept.length),
                  reason: phrase('the model has no tags {0}', unknown.join(', ')),
                },
              ]),
        ],
      };
    },
    dispose() {
      if (saved.family === 'recurrent') saved.model.dispose();
    },
  };
}
