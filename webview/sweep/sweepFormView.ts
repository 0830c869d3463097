import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { hasEffect } from '../../src/config/applicability.ts';
import { connect } from '../../src/protocol/rpc.ts';
import {
  type SweepCheck,
  type SweepContent,
  sweepFormHostContract,
  type SweepFormRequest,
  sweepFormRequest,
  sweepFormViewContract,
  type SweepFormViewFunctions,
} from '../../src/protocol/sweepForm.ts';
import { button, h, setText } from '../dom.ts';
import { AllSettings } from '../form/allSettings.ts';
import { FieldList } from '../form/fieldList.ts';
import { BASICS } from '../form/groups.ts';
import { labelOf } from '../form/labels.ts';
import { LatestOnly } from '../latestOnly.ts';
import { StoredState } from '../storedState.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import { describeTrials, PlanCard } from './planCard.ts';
import { SpaceRow } from './spaceRow.ts';
import { placed, type PlacedProblems, type SweepDraft, sweepDraftOf } from './sweepDraft.ts';
import { type FieldInput, fieldInput } from './triedFields.ts';

/** Schema of the stored state of the form. */
const formState = z.object({
  request: sweepFormRequest.nullable().catch(null),
  fields: z.record(z.string(), fieldInput).catch({}),
  options: z.record(z.string(), z.string()).catch({}),
  isOpen: z.boolean().catch(false),
  filter: z.string().catch(''),
});

/** Field that is tried at first, if it has an effect. */
const FIRST = 'training.learningRate';

/** The form "Sweep from this run": the fields to try, how they are tried, and the trials that this makes. */
export class SweepFormView implements SweepFormViewFunctions {
  readonly #store: StoredState<z.output<typeof formState>>;
  readonly #host;
  readonly #title = h('h1');
  readonly #from = h('p', { class: 'about' });
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #status = h('p', { class: 'about', role: 'status' });
  readonly #start: HTMLButtonElement;
  readonly #basics = new FieldList(BASICS);
  readonly #all: AllSettings;
  readonly #sheet = h('div', { class: 'sheet' });
  readonly #rows = new Map<string, SpaceRow>();
  /** One check at a time: that of the last input. */
  readonly #checks = new LatestOnly<string>(
    async (text) => this.#check(text),
    (a, b) => a === b,
  );
  #plan: PlanCard | undefined;
  /** The last check, and the sweep that it is about, as JSON. */
  #checked: { readonly text: string; readonly check: SweepCheck } | undefined;
  #isStarting = false;

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#store = new StoredState(formState, api);
    this.#host = connect({
      port: webviewPort(api),
      serves: sweepFormViewContract,
      functions: this,
      calls: sweepFormHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#all = new AllSettings(this.#store.current, (state) => this.#store.change(state));
    this.#start = button(
      l10n.t('Start'),
      { class: 'primary', title: l10n.t('Ctrl+Enter'), 'data-do': 'start' },
      () => void this.#begin(),
    );
    root.append(
      h(
        'main',
        {},
        h('header', {}, this.#title, this.#from),
        this.#sheet,
        h(
          'footer',
          {},
          this.#error,
          h(
            'div',
            { class: 'actions' },
            this.#start,
            this.#button(l10n.t('Save as File...'), 'save', async (sweep) => this.#host.save(sweep)),
            this.#button(l10n.t('Open as File'), 'open', async (sweep) => this.#host.open(sweep)),
            button(l10n.t('Cancel'), { 'data-do': 'cancel' }, () => void this.#host.cancel()),
            this.#status,
          ),
        ),
      ),
    );
    window.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.#begin();
    });
  }

  /** Restores the input after a reload of the page, and reports to the host that the form is ready. */
  async start(): Promise<void> {
    await this.#host.ready();
  }

  show(request: SweepFormRequest): void {
    const isSame = this.#store.current.request?.id === request.id;
    const first = hasEffect(request.start, FIRST) ? { [FIRST]: { isTried: true } } : {};
    this.#store.change({ request, ...(isSame ? {} : { fields: first, options: {} }) });
    this.#checked = undefined;
    this.#plan = new PlanCard(request, (key, value) => {
      this.#changed({ options: { ...this.#store.current.options, [key]: value } });
    });
    setText(this.#title, request.title);
    setText(
      this.#from,
      l10n.t('Select the fields to try. All others have the values of the run "{0}".', request.run.name),
    );
    this.#sheet.replaceChildren(this.#basics.element, this.#plan.element, this.#all.element);
    this.#draw();
    if (document.activeElement === document.body) this.#basics.focus();
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    setText(this.#error, error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  get #draft(): SweepDraft | undefined {
    const { request, fields, options } = this.#store.current;
    return request ? sweepDraftOf(request, fields, options) : undefined;
  }

  #changed(state: Partial<z.output<typeof formState>>): void {
    this.#store.change(state);
    setText(this.#error, '');
    this.#draw();
  }

  #changeField(path: string, input: Partial<FieldInput>): void {
    const { fields } = this.#store.current;
    const before = fields[path] ?? {};
    const when = { ...before.when, ...input.when };
    const after = { ...before, ...input, ...(input.when && { when }) };
    this.#changed({ fields: { ...fields, [path]: after } });
  }

  #draw(): void {
    const draft = this.#draft;
    if (!draft) return;
    const text = JSON.stringify(draft.sweep);
    if (hasFields(draft) && this.#checked?.text !== text) this.#checks.request(text);
    this.#drawChecked(draft);
  }

  /** Draws the form with the problems of the last check. */
  #drawChecked(draft: SweepDraft): void {
    const { options } = this.#store.current;
    const problems = this.#problemsOf(draft);
    const isGrid = (options['method'] ?? 'grid') === 'grid';
    const rows = new Map(
      draft.fields.map((offered) => {
        const { path } = offered.field;
        const row =
          this.#rows.get(path) ??
          new SpaceRow({ field: offered.field, change: (input) => this.#changeField(path, input) });
        this.#rows.set(path, row);
        row.show(offered, problems.fields.get(path) ?? '', isGrid);
        return [path, row] as const;
      }),
    );
    const basics: ReadonlySet<string> = new Set(BASICS.paths);
    this.#basics.show(BASICS.paths.flatMap((path) => rows.get(path) ?? []));
    const tried = draft.fields.filter(({ isTried }) => isTried).map(({ field }) => field.path);
    const others = tried.filter((path) => !basics.has(path)).length;
    this.#all.show(rows, others === 0 ? l10n.t('All settings') : l10n.t('All settings ({0} tried)', others));
    this.#plan?.show(draft.options, options, {
      check: this.#checked?.check,
      hasFields: hasFields(draft),
      problems: problems.options,
    });
    this.#drawStatus(draft, problems);
  }

  #drawStatus(draft: SweepDraft, { fields, options, others }: PlacedProblems): void {
    const wrong = [
      ...[...fields.keys()].map(labelOf),
      ...draft.options.filter(({ key }) => options.has(key)).map(({ label }) => label()),
    ];
    const isRefused = wrong.length + others.length > 0;
    const tried = draft.fields.filter(({ isTried }) => isTried).map(({ field }) => labelOf(field.path));
    const trials = describeTrials({ check: this.#checked?.check, hasFields: hasFields(draft) });
    const summary = isRefused
      ? [...others, ...(wrong.length > 0 ? [l10n.t('Not allowed: {0}', wrong.join(', '))] : [])]
      : [trials, ...(tried.length > 0 ? [l10n.t('Tried: {0}', tried.join(', '))] : [])];
    setText(this.#status, this.#isStarting ? l10n.t('The sweep is being prepared.') : summary.join(' · '));
    this.#status.classList.toggle('refused', isRefused);
  }

  #problemsOf(draft: SweepDraft): PlacedProblems {
    return placed(draft, hasFields(draft) ? (this.#checked?.check.problems ?? []) : []);
  }

  async #check(text: string): Promise<void> {
    try {
      await this.#checkNow(text);
    } catch (error) {
      setText(this.#error, messageOf(error));
    }
  }

  async #checkNow(text: string): Promise<void> {
    const sweep = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    this.#checked = { text, check: await this.#host.check(sweep) };
    const draft = this.#draft;
    if (draft) this.#drawChecked(draft);
  }

  async #begin(): Promise<void> {
    if (this.#isStarting) return;
    this.#setStarting(true);
    await this.#withSweep(async (sweep, { jobs, workers }) =>
      jobs ? this.#host.startOnSlurm({ sweep, options: [...jobs] }) : this.#host.start({ sweep, workers }),
    );
    this.#setStarting(false);
  }

  #setStarting(isStarting: boolean): void {
    this.#isStarting = isStarting;
    this.#start.setAttribute('aria-disabled', String(isStarting));
    const draft = this.#draft;
    if (draft) this.#drawChecked(draft);
  }

  #button(label: string, name: string, use: (sweep: SweepContent) => Promise<void>): HTMLButtonElement {
    return button(label, { 'data-do': name }, () => void this.#withSweep(use));
  }

  /** Passes the sweep on once it is checked, or moves the focus to what is wrong. */
  async #withSweep(use: (sweep: SweepContent, draft: SweepDraft) => Promise<void>): Promise<void> {
    const draft = this.#draft;
    if (!draft) return;
    if (!hasFields(draft)) return this.#basics.focus();
    setText(this.#error, '');
    try {
      const text = JSON.stringify(draft.sweep);
      if (this.#checked?.text !== text) await this.#checkNow(text);
      if (this.#focusProblem(this.#problemsOf(draft))) return;
      await use(draft.sweep, draft);
    } catch (error) {
      setText(this.#error, messageOf(error));
    }
  }

  /** Moves the focus to the first part that is wrong. @returns whether one is */
  #focusProblem({ fields, options, others }: PlacedProblems): boolean {
    const [path] = fields.keys();
    const [option] = options.keys();
    const row = path === undefined ? undefined : this.#rows.get(path);
    if (row && !BASICS.paths.some((each) => each === path)) this.#all.reveal(row);
    if (row) row.focus();
    else if (option !== undefined) this.#plan?.focus(option);
    return fields.size + options.size + others.length > 0;
  }
}

function hasFields({ fields }: SweepDraft): boolean {
  return fields.some(({ isTried }) => isTried);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
