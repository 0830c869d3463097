import * as vscode from 'vscode';
import type { LessonId } from '../../protocol/lessons/lessons.ts';
import { MAX_TEXT_CHARACTERS, MAX_TEXTS } from '../../protocol/lessons/texts.ts';
import type { Services } from '../services.ts';
import type { Commands } from './command.ts';
import { targetEditor } from './target.ts';

/** Commands that open the view "Course" at its table of contents, or at a lesson. */
export function courseCommands({ course }: Pick<Services, 'course'>): Commands {
  /** Opens a lesson on sentences with the selected lines, if there are any. */
  const openOnSelection = async (lesson: LessonId) => {
    const texts = selectedLines();
    course.show({ lesson, ...(texts.length > 0 && { texts }) });
  };
  return {
    openCourse: async () => course.show({ lesson: null }),
    showWordPipeline: async () => openOnSelection('pipeline'),
    showWhyOrderMatters: async () => openOnSelection('order'),
    /** Trains the runs of the lesson at once. Returns their ids when they have ended. */
    showWhatClippingDoes: async () => {
      course.show({ lesson: 'clipping' });
      return course.train('clipping');
    },
  };
}

/** Lines of the selection that are not blank. @throws Error if there are too many, or one is too long for a lesson */
function selectedLines(): string[] {
  const editor = targetEditor();
  if (!editor || editor.selection.isEmpty) return [];
  const { document, selection } = editor;
  const lines = document.getText(selection).split(/\r?\n/);
  const texts = lines.filter((line) => line.trim() !== '');
  if (texts.length > MAX_TEXTS)
    throw new Error(
      vscode.l10n.t(
        'The selection has {0} lines, and a lesson shows at most {1} sentences. Select fewer lines.',
        texts.length,
        MAX_TEXTS,
      ),
    );
  const long = texts.find(({ length }) => length > MAX_TEXT_CHARACTERS);
  if (long !== undefined)
    throw new Error(
      vscode.l10n.t(
        'The line "{0}..." has {1} characters, and a lesson shows at most {2}. Select a shorter one.',
        long.slice(0, 40),
        long.length,
        MAX_TEXT_CHARACTERS,
      ),
    );
  return texts;
}
