import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { getField } from '../../src/config/parse.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import {
  formHostContract,
  formRequest,
  formViewContract,
  type FormRequest,
  type FormViewFunctions,
} from '../../src/protocol/form.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { h, setText } from '../dom.ts';
import { StoredState } from '../storedState.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import { ActionBar } from './actionBar.ts';
import { AllSettings } from './allSettings.ts';
import { choicesOf, type Draft, draftOf, isChanged } from './draft.ts';
import { FieldList } from './fieldList.ts';
import { FieldRow, untouched } from './fieldRow.ts';
import type { Typed } from './fieldText.ts';
import { BASICS } from './groups.ts';
import { labelOf } from './labels.ts';
import { ModelCard } from './modelCard.ts';

/** Schema of the form's stored state. */
const formState = z.object({
  request: formRequest.nullable().catch(null),
  inputs: z.record(z.string(), z.union([z.string(), z.boolean()])).catch({}),
  isOpen: z.boolean().catch(false),
  filter: z.string().catch(''),
});

/** The form "New Run": the fields of a configuration, what is wrong with them, and the model that they describe. */
export class FormView implements FormViewFunctions {
  readonly #store: StoredState<z.output<typeof formState>>;
  readonly #host;
  readonly #title = h('h1');
  readonly #from = h('p', { class: 'about' });
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  /** Why the data cannot be used: their field may be out of sight. */
  readonly #data = h('p', { class: 'message bad' });
  readonly #basics = new FieldList(BASICS);
  readonly #all: AllSettings;
  readonly #model = new ModelCard();
  readonly #actions: ActionBar;
  /** Rows by the task and the path of their fields. */
  readonly #rows = new Map<string, FieldRow>();

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StoredState(formState, api);
    this.#host = connect({
      port: webviewPort(api),
      serves: formViewContract,
      functions: this,
      calls: formHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#all = new AllSettings(this.#store.current, (state) => this.#store.change(state));
    this.#actions = new ActionBar({
      train: () => this.#withConfig((config) => this.#host.train(config)),
      copy: () => this.#withConfig((config) => this.#host.copy(config)),
      cancel: () => void this.#host.cancel(),
    });
    root.append(
      h(
        'main',
        {},
        h('header', {}, this.#title, this.#from, this.#data),
        h('div', { class: 'sheet' }, this.#basics.element, this.#model.element, this.#all.element),
        h('footer', {}, this.#error, this.#actions.element),
      ),
    );
    window.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#actions.train();
    });
  }

  /** Restores the input after a reload of the page, and reports to the host that the form is ready. */
  async start(): Promise<void> {
    this.#draw();
    await this.#host.ready();
  }

  show(request: FormRequest): void {
    const isSame = this.#store.current.request?.id === request.id;
    this.#store.change({ request, ...(isSame ? {} : { inputs: {} }) });
    this.#draw();
    if (document.activeElement === document.body) this.#basics.focus();
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    setText(this.#error, error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  get #draft(): Draft | undefined {
    const { request, inputs } = this.#store.current;
    return request ? draftOf(request.start, inputs, request.text) : undefined;
  }

  #draw(): void {
    const { request, inputs } = this.#store.current;
    const draft = this.#draft;
    if (!request || !draft) return;
    setText(this.#title, request.title);
    setText(
      this.#from,
      request.run === null
        ? l10n.t('The values are those of your settings. Only fields that have an effect on this run are shown.')
        : l10n.t(
            'The values are those of the run "{0}". Only fields that have an effect on this run are shown.',
            request.run.name,
          ),
    );
    const rows = this.#visibleRows();
    const changed = [...rows.keys()].filter((path) => isChanged(draft, request.start, path));
    for (const [path, row] of rows) {
      const reference = getField(path === 'task.name' ? request.start : draft.reference, path);
      row.show({
        typed: inputs[path] ?? untouched(row.field, reference),
        reference,
        isChanged: changed.includes(path),
        problem: draft.problems.get(path) ?? '',
      });
    }
    const basics: ReadonlySet<string> = new Set(BASICS.paths);
    this.#basics.show(BASICS.paths.flatMap((path) => rows.get(path) ?? []));
    const changes = changed.filter((path) => !basics.has(path)).length;
    this.#all.show(rows, changes === 0 ? l10n.t('All settings') : l10n.t('All settings ({0} changed)', changes));
    this.#model.show(draft);
    setText(this.#data, draft.problems.get('data.train') ?? '');
    this.#actions.show({ changed: changed.map(labelOf), refused: [...draft.problems.keys()].map(labelOf) });
  }

  /** Rows of the fields that have an effect, by path. */
  #visibleRows(): ReadonlyMap<string, FieldRow> {
    const draft = this.#draft;
    const generated = this.#store.current.request?.generated ?? false;
    return new Map(
      draft?.fields.map((field) => {
        const choices = choicesOf(field, draft, generated) ?? [];
        const key = `${draft.valid.task.name} ${field.path} ${choices.join()}`;
        const row =
          this.#rows.get(key) ??
          new FieldRow({
            field,
            choices,
            change: (typed) => this.#change(field.path, typed),
            reset: () => this.#change(field.path, undefined),
            chooseFile: async () => this.#host.chooseFile({ title: labelOf(field.path) }),
          });
        this.#rows.set(key, row);
        return [field.path, row];
      }),
    );
  }

  #change(path: string, typed: Typed | undefined): void {
    const others = Object.entries(this.#store.current.inputs).filter(([name]) => name !== path);
    this.#store.change({ inputs: Object.fromEntries(typed === undefined ? others : [...others, [path, typed]]) });
    setText(this.#error, '');
    this.#draw();
  }

  /** Passes the configuration on, or moves the focus to the first field that is wrong. */
  async #withConfig(use: (config: RunConfig) => Promise<void>): Promise<void> {
    const draft = this.#draft;
    if (!draft) return;
    if (!draft.config) {
      const [path = ''] = draft.problems.keys();
      const row = this.#visibleRows().get(path);
      if (row && !BASICS.paths.some((each) => each === path)) this.#all.reveal(row);
      row?.focus();
      return;
    }
    setText(this.#error, '');
    try {
      await use(draft.config);
    } catch (error) {
      setText(this.#error, error instanceof Error ? error.message : String(error));
    }
  }
}
