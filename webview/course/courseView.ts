import { button, h, setText } from '../dom.ts';
import { Frames } from '../frames.ts';
import { LatestOnly } from '../latestOnly.ts';
import { BlockList } from '../panel/results/blockList.ts';
import { pictureName } from '../pictureName.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import {
  courseHostContract,
  courseViewContract,
  type CourseViewFunctions,
  type Lesson,
  lesson,
  MAX_TEXT_CHARACTERS,
  MAX_TEXTS,
} from '../../src/protocol/course.ts';
import { connect } from '../../src/protocol/rpc.ts';

type Kind = Lesson['kind'];

const TITLES: Readonly<Record<Kind, string>> = { pipeline: 'From words to vectors', order: 'Why order matters' };

const ABOUT: Readonly<Record<Kind, string>> = {
  pipeline: `A network reads numbers. This lesson shows how texts become numbers, step by step. Enter up to ${MAX_TEXTS} texts, one per line.`,
  order:
    'Enter two sentences, one per line. A bag of words counts their words; a recurrent network reads the words in order, and its state depends on the order.',
};

/** View "Course": the first lessons of the course, on texts that the user enters. */
export class CourseView implements CourseViewFunctions {
  readonly #api: VsCodeApi;
  readonly #host;
  readonly #kind = h(
    'select',
    { id: 'lesson' },
    ...(Object.keys(TITLES) as Kind[]).map((kind) => h('option', { value: kind }, TITLES[kind])),
  );
  readonly #about = h('p', { class: 'about' });
  readonly #texts = h('textarea', { id: 'texts', rows: 4, spellcheck: 'false' });
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #status = h('p', { class: 'unseen', role: 'status' });
  readonly #blocks: BlockList;
  readonly #requests: LatestOnly<Lesson>;
  /** Texts of each lesson, kept while another lesson is shown. */
  readonly #textsByKind = new Map<Kind, string>();

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#api = api;
    this.#host = connect({
      port: webviewPort(api),
      serves: courseViewContract,
      functions: this,
      calls: courseHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#blocks = new BlockList({
      frames: new Frames(),
      chartServices: {
        settingsChanged: () => undefined,
        saveFile: (format, title, content) =>
          void this.#host
            .saveFile({ format, name: pictureName(null, title), content })
            .catch((error: unknown) => this.#showError(error)),
      },
    });
    this.#requests = new LatestOnly(
      (wanted) => this.#showLesson(wanted),
      (a, b) => JSON.stringify(a) === JSON.stringify(b),
    );
    this.#kind.addEventListener('change', () => this.#kindChosen());
    const show = button('Show', { class: 'primary' }, () => undefined);
    show.type = 'submit';
    const form = h(
      'form',
      {},
      h('label', { for: 'lesson' }, 'Lesson'),
      this.#kind,
      h('label', { for: 'texts' }, 'Texts'),
      this.#texts,
      show,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    root.append(
      h(
        'main',
        {},
        h('h1', {}, 'Course'),
        form,
        this.#about,
        this.#error,
        this.#status,
        h('div', { class: 'results' }, this.#blocks.element),
      ),
    );
  }

  /** Restores the lesson after a reload of the window, and reports to the host that the view is ready. */
  async start(): Promise<void> {
    const before = lesson.safeParse(this.#api.getState());
    if (before.success) this.open(before.data);
    await this.#host.ready();
  }

  open({ kind, texts }: Lesson): void {
    this.#textsByKind.set(this.#chosen, this.#texts.value);
    this.#kind.value = kind;
    this.#texts.value = texts.join('\n');
    setText(this.#about, ABOUT[kind]);
    this.#submit();
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    this.#showError(error);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  get #chosen(): Kind {
    return this.#kind.value === 'order' ? 'order' : 'pipeline';
  }

  #kindChosen(): void {
    const kind = this.#chosen;
    const other: Kind = kind === 'order' ? 'pipeline' : 'order';
    this.#textsByKind.set(other, this.#texts.value);
    this.#texts.value = this.#textsByKind.get(kind) ?? EXAMPLES[kind];
    setText(this.#about, ABOUT[kind]);
    this.#submit();
  }

  #submit(): void {
    const texts = this.#texts.value
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.slice(0, MAX_TEXT_CHARACTERS));
    const wanted = lesson.safeParse({ kind: this.#chosen, texts });
    if (!wanted.success) {
      this.#showError(
        new Error(
          this.#chosen === 'order'
            ? 'Enter two sentences, one per line.'
            : `Enter 1 to ${MAX_TEXTS} texts, one per line.`,
        ),
      );
      return;
    }
    this.#api.setState(wanted.data);
    this.#requests.request(wanted.data);
  }

  async #showLesson(wanted: Lesson): Promise<void> {
    try {
      const blocks = await this.#host.work(wanted);
      setText(this.#error, '');
      this.#blocks.show(blocks);
      setText(this.#status, `${TITLES[wanted.kind]}: ${blocks.length} steps.`);
    } catch (error) {
      this.#showError(error);
    }
  }

  #showError(error: unknown): void {
    setText(this.#error, error instanceof Error ? error.message : String(error));
  }
}

/** Example texts of the course. */
const EXAMPLES: Readonly<Record<Kind, string>> = {
  pipeline:
    'The sun is shining\nThe weather is sweet\nThe sun is shining, the weather is sweet, and one and one is two',
  order: 'The movie my friend has not seen is good\nThe movie my friend has seen is not good',
};
