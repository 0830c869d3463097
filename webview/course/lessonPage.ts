import * as l10n from '@vscode/l10n';
import { LESSON_IDS, type LessonId, lessons } from '../../src/protocol/lessons/lessons.ts';
import { button, h, setText } from '../dom.ts';
import type { LessonBody } from './lessonBody.ts';

/** Milliseconds after which a lesson that waits for a result says so. */
const SLOW_MS = 300;

/** The page of one lesson: title, claim, controls, figures, what is seen, what to change, topic and navigation. */
export class LessonPage {
  readonly element: HTMLElement;
  readonly #heading: HTMLElement;
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #working = h('p', { class: 'about working', role: 'status' });
  readonly #seen = h('ul', { class: 'seen' });
  readonly #seenSection: HTMLElement;
  #workingTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param open opens another lesson, or with null the table of contents */
  constructor(id: LessonId, body: LessonBody, open: (lesson: LessonId | null) => void) {
    const { title, claim, topic, slide } = lessons[id];
    const at = LESSON_IDS.indexOf(id);
    this.#heading = h('h1', { tabindex: -1 }, title());
    this.#seenSection = h(
      'section',
      { hidden: true, role: 'status', 'aria-label': l10n.t('What you see') },
      h('h2', {}, l10n.t('What you see')),
      this.#seen,
    );
    const neighbor = (lesson: LessonId | undefined, label: (title: string) => string, place: string) =>
      lesson ? [button(label(lessons[lesson].title()), { 'data-go': place }, () => open(lesson))] : [];
    this.element = h(
      'article',
      { class: 'lesson', 'data-lesson': id },
      h(
        'header',
        {},
        h(
          'nav',
          { class: 'position', 'aria-label': l10n.t('Position in the course') },
          button(l10n.t('All lessons'), { class: 'tool', 'data-go': 'contents' }, () => open(null)),
          h('span', { class: 'unit' }, l10n.t('Lesson {0} of {1}', at + 1, LESSON_IDS.length)),
        ),
        this.#heading,
        h('p', { class: 'claim' }, claim()),
      ),
      body.controls,
      this.#error,
      this.#working,
      body.figures,
      this.#seenSection,
      h('section', { class: 'change' }, h('h2', {}, l10n.t('Change it')), body.change),
      h(
        'footer',
        {},
        h('p', { class: 'topic' }, l10n.t('In the lecture: {0}, slide "{1}"', topic(), slide())),
        h(
          'nav',
          { class: 'neighbors', 'aria-label': l10n.t('Other lessons') },
          ...neighbor(LESSON_IDS[at - 1], (name) => l10n.t('Previous: {0}', name), 'previous'),
          ...neighbor(LESSON_IDS[at + 1], (name) => l10n.t('Next: {0}', name), 'next'),
        ),
      ),
    );
  }

  /** Moves the focus to the title, so that a keyboard or a screen reader starts there. */
  focus(): void {
    this.#heading.focus();
  }

  see(sentences: readonly string[]): void {
    this.#seenSection.hidden = sentences.length === 0;
    const shown = [...this.#seen.children].map(({ textContent }) => textContent);
    if (JSON.stringify(shown) === JSON.stringify(sentences)) return;
    this.#seen.replaceChildren(...sentences.map((sentence) => h('li', {}, sentence)));
  }

  /** Shows whether the lesson waits for a result. The message appears only if that takes a while. */
  working(isWorking: boolean): void {
    clearTimeout(this.#workingTimer);
    if (isWorking) this.#workingTimer = setTimeout(() => setText(this.#working, l10n.t('Computing...')), SLOW_MS);
    else setText(this.#working, '');
  }

  problem(message: string): void {
    setText(this.#error, message);
  }
}
