import { MAX_TEXT_CHARACTERS, MAX_TEXTS } from '../../protocol/course.ts';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';
import { targetEditor } from './target.ts';

/** Example sentences of the course. */
const PIPELINE = [
  'The sun is shining',
  'The weather is sweet',
  'The sun is shining, the weather is sweet, and one and one is two',
];
const ORDER = ['The movie my friend has not seen is good', 'The movie my friend has seen is not good'];

/** The lessons of the view "Course". */
export function courseCommands({ course }: Pick<Services, 'course'>): Commands {
  return {
    showWordPipeline: async () => {
      const selected = selectedTexts();
      course.show({ kind: 'pipeline', texts: selected.length > 0 ? selected : PIPELINE });
    },
    showWhyOrderMatters: async () => {
      const own = selectedTexts();
      course.show({ kind: 'order', texts: own.length === 2 ? own : ORDER });
    },
  };
}

/** Selected lines, or the first lines of the open text, limited in number and length. */
function selectedTexts(): string[] {
  const editor = targetEditor();
  if (!editor) return [];
  const { document, selection } = editor;
  const text = document.getText(selection.isEmpty ? undefined : selection);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(0, MAX_TEXTS).map((line) => line.slice(0, MAX_TEXT_CHARACTERS));
}
