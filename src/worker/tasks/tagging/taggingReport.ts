import type { TaggedSentence } from '../../../data/tagged/taggedText.ts';
import type { EntityScores, PrecisionRecall } from '../../../training/entityF1.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import { phrase, sentences, type Text } from '../../../phrases/phrase.ts';
import type { TaggedAnswer, TaggingScores } from './taggingScores.ts';

/** Sentences shown with their answers. */
const EXAMPLES = 8;

/** The report of a tagger: its confusion matrix, and its output for a few sentences. */
export function taggingReport(
  validation: readonly TaggedSentence[],
  answers: readonly TaggedAnswer[],
  scores: TaggingScores,
  tags: readonly string[],
): ReportBlock[] {
  return [
    confusionBlock(scores, tags),
    ...(scores.entity ? [entityBlock(scores.entity)] : []),
    examplesBlock(validation, answers),
  ];
}

function confusionBlock({ confusion, accuracy, words, entity }: TaggingScores, tags: readonly string[]): ReportBlock {
  const ofEntities = entity
    ? phrase(
        '{0} of the entities are found, and {1} of the entities found are correct (F1 {2}).',
        percent(entity.recall),
        percent(entity.precision),
        entity.f1.toFixed(3),
      )
    : '';
  const correct = phrase('{0} of {1} words are tagged correctly.', percent(accuracy), words.toLocaleString('en'));
  return {
    kind: 'confusion',
    title: phrase('Confusion matrix'),
    rowAxis: phrase('true tag'),
    columnAxis: phrase('predicted tag'),
    classes: [...tags],
    counts: confusion.flat(),
    unit: phrase('words'),
    note: sentences(correct, ofEntities, mostFrequentError(confusion, tags)),
  };
}

function entityBlock({ types, scheme, precision, recall, f1, strict }: EntityScores): ReportBlock {
  const decimals = (value: number) => Number(value.toFixed(3));
  const row = (name: Text, each: PrecisionRecall, support: number) => [
    name,
    decimals(each.precision),
    decimals(each.recall),
    decimals(each.f1),
    support,
  ];
  const all = types.reduce((sum, { support }) => sum + support, 0);
  return {
    kind: 'table',
    title: phrase('Entities by type'),
    columns: [phrase('type'), phrase('precision'), phrase('recall'), phrase('F1'), phrase('true entities')],
    rows: [
      ...types.map((each) => row(each.type === '' ? phrase('no type') : each.type, each, each.support)),
      row(phrase('all types'), { precision, recall, f1 }, all),
    ],
    note: phrase(
      'An entity is correct if its words and its type are, by the rules of conlleval. With only the entities that follow the scheme {0} strictly: precision {1}, recall {2}, F1 {3}.',
      scheme,
      strict.precision.toFixed(3),
      strict.recall.toFixed(3),
      strict.f1.toFixed(3),
    ),
  };
}

function examplesBlock(validation: readonly TaggedSentence[], answers: readonly TaggedAnswer[]): ReportBlock {
  const rows = validation.slice(0, EXAMPLES).flatMap((sentence, index) =>
    sentence.words.map((word, t) => {
      const [right, answer] = [sentence.tags[t] ?? '', answers[index]?.tags[t] ?? ''];
      return [index + 1, word, right, answer, right === answer ? '' : phrase('wrong')];
    }),
  );
  return {
    kind: 'table',
    title: phrase('Validation sentences'),
    columns: [phrase('sentence'), phrase('word'), phrase('true tag'), phrase('predicted tag'), ''],
    rows,
    note: phrase('The first sentences of the validation part, word by word.'),
  };
}

function mostFrequentError(confusion: readonly (readonly number[])[], tags: readonly string[]): Text {
  let worst = { count: 0, right: '', answer: '' };
  confusion.forEach((row, right) =>
    row.forEach((count, answer) => {
      if (right !== answer && count > worst.count)
        worst = { count, right: tags[right] ?? '', answer: tags[answer] ?? '' };
    }),
  );
  return worst.count === 0
    ? ''
    : phrase('Most frequent error: {0} instead of {1}, {2} times.', worst.answer, worst.right, worst.count);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
