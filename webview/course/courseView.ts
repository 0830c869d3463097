import * as z from 'zod';
import {
  courseHostContract,
  courseViewContract,
  type CourseViewFunctions,
  type LessonRequest,
} from '../../src/protocol/course.ts';
import type { LessonId } from '../../src/protocol/lessons/lessons.ts';
import { lessonId, type LessonRunList } from '../../src/protocol/lessons/runs.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { ChangingChart } from '../charts/changingChart.ts';
import { chartSettings } from '../charts/storedSettings.ts';
import { h } from '../dom.ts';
import { Frames } from '../frames.ts';
import { pictureName } from '../pictureName.ts';
import { StoredState } from '../storedState.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import { bodies } from './bodies.ts';
import { Contents } from './contents.ts';
import type { LessonBody, LessonContext } from './lessonBody.ts';
import { LessonPage } from './lessonPage.ts';

/** Schema of the view's stored state. */
const viewState = z.object({
  /** The lesson on screen; null for the table of contents. */
  lesson: lessonId.nullable().catch(null),
  /** Input of each lesson, checked by its body. */
  inputs: z.record(z.string(), z.unknown()).catch({}),
  charts: z.record(z.string(), chartSettings).catch({}),
});

interface OpenLesson {
  readonly body: LessonBody;
  readonly page: LessonPage;
}

/** View "Course": a table of contents, and one lesson at a time. */
export class CourseView implements CourseViewFunctions {
  readonly #store: StoredState<z.output<typeof viewState>>;
  readonly #host;
  readonly #frames = new Frames();
  readonly #main = h('main');
  readonly #contents = new Contents((lesson) => this.#go(lesson));
  readonly #lessons = new Map<LessonId, OpenLesson>();

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StoredState(viewState, api);
    this.#host = connect({
      port: webviewPort(api),
      serves: courseViewContract,
      functions: this,
      calls: courseHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    root.append(this.#main);
  }

  /** Restores the lesson after a reload of the window, and reports to the host that the view is ready. */
  async start(): Promise<void> {
    this.#show(this.#store.current.lesson);
    await this.#host.ready();
  }

  open({ lesson, texts }: LessonRequest): void {
    this.#show(lesson);
    if (lesson && texts) this.#lesson(lesson).body.takeTexts?.(texts);
  }

  runs({ lesson, runs, outcomes }: LessonRunList): void {
    this.#lessons.get(lesson)?.body.takeRuns?.(runs, outcomes);
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    const { lesson } = this.#store.current;
    if (lesson) this.#lessons.get(lesson)?.page.problem(error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  /** The user has chosen a lesson: shows it from its start. */
  #go(lesson: LessonId | null): void {
    this.#show(lesson);
    scrollTo(0, 0);
    (lesson ? this.#lesson(lesson).page : this.#contents).focus();
  }

  #show(lesson: LessonId | null): void {
    const before = this.#store.current.lesson;
    if (before && before !== lesson) this.#lessons.get(before)?.body.disappear?.();
    this.#store.change({ lesson });
    if (!lesson) {
      this.#main.replaceChildren(this.#contents.element);
      return;
    }
    const { page, body } = this.#lesson(lesson);
    this.#main.replaceChildren(page.element);
    this.#host.lessonOpened(lesson).catch((error: unknown) => this.fail(error as Error));
    body.appear();
  }

  #lesson(id: LessonId): OpenLesson {
    const known = this.#lessons.get(id);
    if (known) return known;
    const body = bodies[id](this.#contextOf(id));
    const opened = { body, page: new LessonPage(id, body, (lesson) => this.#go(lesson)) };
    this.#lessons.set(id, opened);
    return opened;
  }

  #contextOf(id: LessonId): LessonContext {
    const page = () => this.#lessons.get(id)?.page;
    const chartServices: LessonContext['chartServices'] = {
      settingsChanged: (spec, settings) =>
        this.#store.change({ charts: { ...this.#store.current.charts, [spec.id]: settings } }),
      saveFile: (format, title, content) =>
        void this.#host
          .saveFile({ format, name: pictureName(null, title), content })
          .catch((error: unknown) => page()?.problem(error instanceof Error ? error.message : String(error))),
    };
    return {
      host: this.#host,
      frames: this.#frames,
      chartServices,
      stored: this.#store.current.inputs[id],
      store: (input) => this.#store.change({ inputs: { ...this.#store.current.inputs, [id]: input } }),
      see: (sentences) => page()?.see(sentences),
      working: (isWorking) => page()?.working(isWorking),
      problem: (message) => page()?.problem(message),
      chart: (empty, { references = () => [], marks = () => [] } = {}) =>
        new ChangingChart({
          ...chartServices,
          frames: this.#frames,
          settings: (spec) => this.#store.current.charts[spec.id] ?? spec.defaults,
          references,
          marks,
          emptyText: () => empty,
          missingText: () => '',
        }),
    };
  }
}
