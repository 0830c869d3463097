import type { TaggedSentence } from '../../../data/tagged/readTagged.ts';
import type { ReportBlock } from '../../../protocol/report.ts';
import type { TaggedAnswer, TaggingScores } from './taggingScores.ts';

/** Sentences shown with their answers. */
const EXAMPLES = 8;

/** The report of a tagger: its confusion matrix, and its output for a few sentences. */
export function taggingReport(
  sentences: readonly TaggedSentence[],
  answers: readonly TaggedAnswer[],
  scores: TaggingScores,
  tags: readonly string[],
): ReportBlock[] {
  return [confusionBlock(scores, tags), examplesBlock(sentences, answers)];
}

function confusionBlock({ confusion, accuracy, words, entity }: TaggingScores, tags: readonly string[]): ReportBlock {
  const ofEntities = entity
    ? ` ${percent(entity.recall)} of the entities are found, and ${percent(entity.precision)} of the entities found are correct (F1 ${entity.f1.toFixed(3)}).`
    : '';
  return {
    kind: 'confusion',
    title: 'Confusion matrix',
    rowAxis: 'true tag',
    columnAxis: 'predicted tag',
    classes: [...tags],
    counts: confusion.flat(),
    unit: 'words',
    note: `${percent(accuracy)} of ${words.toLocaleString('en')} words are tagged correctly.${ofEntities} ${mostFrequentError(confusion, tags)}`.trim(),
  };
}

function examplesBlock(sentences: readonly TaggedSentence[], answers: readonly TaggedAnswer[]): ReportBlock {
  const rows = sentences.slice(0, EXAMPLES).flatMap((sentence, index) =>
    sentence.words.map((word, t) => {
      const [right, answer] = [sentence.tags[t] ?? '', answers[index]?.tags[t] ?? ''];
      return [index + 1, word, right, answer, right === answer ? '' : 'wrong'];
    }),
  );
  return {
    kind: 'table',
    title: 'Validation sentences',
    columns: ['sentence', 'word', 'true tag', 'predicted tag', ''],
    rows,
    note: 'The first sentences of the validation part, word by word.',
  };
}

function mostFrequentError(confusion: readonly (readonly number[])[], tags: readonly string[]): string {
  let worst = { count: 0, right: '', answer: '' };
  confusion.forEach((row, right) =>
    row.forEach((count, answer) => {
      if (right !== answer && count > worst.count)
        worst = { count, right: tags[right] ?? '', answer: tags[answer] ?? '' };
    }),
  );
  return worst.count === 0
    ? ''
    : `Most frequent error: ${worst.answer} instead of ${worst.right}, ${worst.count} times.`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
