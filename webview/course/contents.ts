import * as l10n from '@vscode/l10n';
import { LESSON_IDS, type LessonId, lessons } from '../../src/protocol/lessons/lessons.ts';
import { button, h } from '../dom.ts';

/** Table of contents: the lessons by topic of the lecture, each with its claim. */
export class Contents {
  readonly element: HTMLElement;
  readonly #heading = h('h1', { tabindex: -1 }, l10n.t('Course'));

  constructor(open: (lesson: LessonId) => void) {
    const topics = [...new Set(LESSON_IDS.map((id) => lessons[id].topic()))];
    this.element = h(
      'article',
      { class: 'contents' },
      h(
        'header',
        {},
        this.#heading,
        h(
          'p',
          {},
          l10n.t('Lessons on recurrent neural networks in the order of the lecture. Each makes a claim and shows it.'),
        ),
      ),
      ...topics.map((topic) => section(topic, open)),
    );
  }

  focus(): void {
    this.#heading.focus();
  }
}

/** The lessons of a topic, numbered by their place in the course. */
function section(topic: string, open: (lesson: LessonId) => void): HTMLElement {
  const ids = LESSON_IDS.filter((id) => lessons[id].topic() === topic);
  const entries = ids.map((id) => h('li', { value: LESSON_IDS.indexOf(id) + 1 }, ...entry(id, open)));
  return h('section', {}, h('h2', {}, topic), h('ol', {}, ...entries));
}

function entry(id: LessonId, open: (lesson: LessonId) => void): HTMLElement[] {
  const { title, claim } = lessons[id];
  return [button(title(), { class: 'link', 'data-lesson': id }, () => open(id)), h('p', { class: 'about' }, claim())];
}
