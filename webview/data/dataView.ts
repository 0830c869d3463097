import { formatCount } from '../charts/number.ts';
import { button, h, setText } from '../dom.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import type { ColumnRole, DataChoice, DataInspection, DataTask } from '../../src/protocol/dataInspection.ts';
import { dataHostContract, dataViewContract, type DataViewFunctions } from '../../src/protocol/dataView.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { forTask, rolesFor, withRole } from './roles.ts';
import { figures, labels, lengths, plan, problems, rows } from './sections.ts';

const TASKS: Readonly<Record<DataTask, string>> = {
  classification: 'text to label (classification)',
  tagging: 'a tag for each word (tagging)',
  'sequence-to-sequence': 'text to text (sequence to sequence)',
  'language-model': 'the next character (language model)',
};

const SHARE = 'share';
const OTHER = 'other';

/** The view "Data": what a data set is made of, what its columns are taken for, and the way to train on it. */
export class DataView implements DataViewFunctions {
  readonly #api: VsCodeApi;
  readonly #host;
  readonly #name = h('h1', {}, 'Data');
  readonly #summary = h('p', { class: 'summary', role: 'status' }, 'Waiting for the extension.');
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #task = h('select', {});
  readonly #validation = h('select', {});
  readonly #train: HTMLButtonElement;
  readonly #columns = h('tbody');
  readonly #choices: HTMLElement;
  readonly #columnsBlock: HTMLElement;
  readonly #told = h('div', { class: 'told' });
  #found: DataInspection | null = null;

  constructor(root: HTMLElement, api: VsCodeApi) {
    this.#api = api;
    this.#host = connect({
      port: webviewPort(api),
      serves: dataViewContract,
      functions: this,
      calls: dataHostContract,
      onError: (error) => this.fail(error),
    }).remote;
    this.#train = button(
      'Train on this data set',
      { class: 'primary' },
      () => void this.#ask(() => this.#host.train()),
    );
    this.#task.addEventListener('change', () => this.#taskChosen());
    this.#validation.addEventListener('change', () => this.#validationChosen());
    this.#choices = h(
      'div',
      { class: 'choices', hidden: true },
      h('label', {}, 'Learn ', this.#task),
      h('label', {}, 'Validate on ', this.#validation),
      this.#train,
    );
    const heads = ['Column', 'Taken as', 'Different', 'Blank', 'Characters'].map((head, i) =>
      h('th', { scope: 'col', class: i > 1 ? 'number' : '' }, head),
    );
    this.#columnsBlock = h(
      'section',
      { class: 'block', 'aria-label': 'Columns', hidden: true },
      h('h2', {}, 'Columns'),
      h(
        'div',
        { class: 'points', role: 'region', tabindex: '0', 'aria-label': 'Columns: table' },
        h('table', { class: 'columns' }, h('thead', {}, h('tr', {}, ...heads)), this.#columns),
      ),
    );
    root.append(
      h(
        'main',
        {},
        h('header', {}, this.#name, this.#summary),
        this.#error,
        this.#choices,
        this.#columnsBlock,
        this.#told,
      ),
    );
  }

  /** Tells the host that the view can draw. */
  async start(): Promise<void> {
    await this.#host.ready();
  }

  reading({ name }: { name: string }): void {
    setText(this.#name, name);
    setText(this.#summary, 'Reading...');
  }

  show({ inspection, path }: { inspection: DataInspection; path: string | null }): void {
    this.#found = inspection;
    this.#api.setState({ path });
    setText(this.#error, '');
    setText(this.#name, inspection.name);
    this.#sayWhatItIs(inspection);
    this.#choices.hidden = false;
    this.#showTask(inspection);
    this.#showValidation(inspection);
    this.#showColumns(inspection);
    const told = [plan, labels, figures, lengths, rows, problems].map((section) => section(inspection));
    this.#told.replaceChildren(...told.filter((each) => each !== null));
  }

  refused({ message }: { message: string }): void {
    setText(this.#error, message);
    if (this.#found) this.#sayWhatItIs(this.#found);
    else setText(this.#summary, '');
  }

  /** Shows an error, and has the host write it to its log. */
  fail(error: Error): void {
    setText(this.#error, error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  #sayWhatItIs({ format, items, item }: DataInspection): void {
    setText(this.#summary, `${formatCount(items)} ${item}s that can be used; ${format}.`);
  }

  #showTask({ tasks, task }: DataInspection): void {
    this.#task.replaceChildren(
      ...tasks.map((each) => h('option', { value: each, selected: each === task }, TASKS[each])),
    );
    this.#task.disabled = tasks.length < 2;
  }

  #showValidation({ parts: { validationFile } }: DataInspection): void {
    const file =
      validationFile === null ? [] : [h('option', { value: validationFile, selected: true }, nameOf(validationFile))];
    this.#validation.replaceChildren(
      h('option', { value: SHARE, selected: validationFile === null }, 'a share of the data'),
      ...file,
      h('option', { value: OTHER }, 'another file...'),
    );
  }

  #showColumns({ columns, task, kind }: DataInspection): void {
    this.#columnsBlock.hidden = columns.length === 0;
    const fixed = kind === 'folder';
    const focused = document.activeElement?.id;
    this.#columns.replaceChildren(
      ...columns.map(({ name, role, distinct, blank, meanLength }, i) => {
        const choice = h(
          'select',
          { id: `role-${i}`, 'aria-label': `${name} is taken as`, disabled: fixed },
          ...rolesFor(task).map((each) => h('option', { value: each, selected: each === role }, each)),
        );
        choice.addEventListener('change', () => this.#roleChosen(i, choice.value as ColumnRole));
        const numbers = [formatCount(distinct), formatCount(blank), meanLength.toFixed(1)].map((value) =>
          h('td', { class: 'number' }, value),
        );
        return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, choice), ...numbers);
      }),
    );
    // The dropdown that was just used is another one now.
    if (focused?.startsWith('role-')) document.getElementById(focused)?.focus();
  }

  #roleChosen(column: number, role: ColumnRole): void {
    const found = this.#found;
    if (found)
      this.#choose({
        ...this.#chosen(found),
        roles: withRole(
          found.columns.map((each) => each.role),
          column,
          role,
        ),
      });
  }

  #taskChosen(): void {
    const found = this.#found;
    const task = found?.tasks.find((each) => each === this.#task.value);
    if (found && task) this.#choose({ ...this.#chosen(found), roles: forTask(found, task) });
  }

  #validationChosen(): void {
    const found = this.#found;
    if (!found) return;
    const { value } = this.#validation;
    this.#showValidation(found);
    if (value === OTHER) void this.#ask(() => this.#host.chooseValidationFile());
    else this.#choose({ ...this.#chosen(found), validation: value === SHARE ? null : value });
  }

  /** What is chosen now, so that one choice leaves the others as they are. */
  #chosen({ columns, parts }: DataInspection): DataChoice {
    return { ...(columns.length > 0 && { roles: columns.map(({ role }) => role) }), validation: parts.validationFile };
  }

  #choose(choice: DataChoice): void {
    setText(this.#summary, 'Reading...');
    void this.#ask(() => this.#host.choose(choice));
  }

  /** Asks something of the host; a refusal is shown in the host's words. */
  async #ask(request: () => Promise<void>): Promise<void> {
    setText(this.#error, '');
    try {
      await request();
    } catch (error) {
      this.refused({ message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function nameOf(path: string): string {
  return path.replace(/^.*[/\\]/, '');
}
