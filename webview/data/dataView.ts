import * as l10n from '@vscode/l10n';
import { formatCount } from '../charts/number.ts';
import { button, h, setText, untranslatedName } from '../dom.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { webviewPort } from '../webviewPort.ts';
import type { Reading } from '../../src/config/reading.ts';
import type { ColumnRole, DataChoice, DataInspection, DataTask } from '../../src/protocol/dataInspection.ts';
import { dataHostContract, dataViewContract, type DataViewFunctions } from '../../src/protocol/dataView.ts';
import { connect } from '../../src/protocol/rpc.ts';
import { ReadingChoices } from './readingChoices.ts';
import { forTask, roleNames, rolesFor, typeNames, withRole } from './roles.ts';
import { itemTexts } from './items.ts';
import { figures, labels, lengths, plan, problems, rows, suggestions } from './sections.ts';
import { say } from '../../src/phrases/phrase.ts';

const TASKS: Readonly<Record<DataTask, string>> = {
  classification: l10n.t('classification: text to label'),
  tagging: l10n.t('tagging: a tag for each word'),
  'sequence-to-sequence': l10n.t('sequence to sequence: text to text'),
  forecasting: l10n.t('forecasting: the next values'),
  'language-model': l10n.t('language model: the next character'),
};

const SHARE = 'share';
const OTHER = 'other';

/** View "Data": contents of a data set, the roles of its columns, and a button to train on it. */
export class DataView implements DataViewFunctions {
  readonly #api: VsCodeApi;
  readonly #host;
  readonly #name = h('h1', {}, l10n.t('Data'));
  readonly #summary = h('p', { class: 'summary', role: 'status' }, l10n.t('Waiting for the extension.'));
  readonly #error = h('p', { class: 'message bad', role: 'alert' });
  readonly #task = h('select', {});
  readonly #validation = h('select', {});
  readonly #train: HTMLButtonElement;
  readonly #columns = h('tbody');
  readonly #choices: HTMLElement;
  readonly #columnsBlock: HTMLElement;
  readonly #sections = h('div', { class: 'sections' });
  readonly #reading = new ReadingChoices((reading) => this.#readingChosen(reading));
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
      l10n.t('Train on this data set'),
      { class: 'primary' },
      () => void this.#callHost(() => this.#host.train()),
    );
    this.#task.addEventListener('change', () => this.#taskChosen());
    this.#validation.addEventListener('change', () => this.#validationChosen());
    this.#choices = h(
      'div',
      { class: 'choices', hidden: true },
      h('label', {}, l10n.t('Task'), ' ', this.#task),
      h('label', {}, l10n.t('Validation data'), ' ', this.#validation),
      this.#train,
    );
    const heads = [
      l10n.t('Column'),
      l10n.t('Role'),
      l10n.t('Type'),
      l10n.t('Distinct'),
      l10n.t('Blank'),
      l10n.t('Mean length'),
    ].map((head, i) => h('th', { scope: 'col', class: i > 2 ? 'number' : '' }, head));
    this.#columnsBlock = h(
      'section',
      { class: 'block', 'aria-label': l10n.t('Columns'), hidden: true },
      h('h2', {}, l10n.t('Columns')),
      h(
        'div',
        { class: 'points', role: 'region', tabindex: '0', 'aria-label': l10n.t('Columns: table') },
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
        this.#reading.element,
        this.#columnsBlock,
        this.#sections,
      ),
    );
  }

  /** Reports to the host that the view is ready. */
  async start(): Promise<void> {
    await this.#host.ready();
  }

  reading({ name }: { name: string }): void {
    this.#showName(name);
    setText(this.#summary, l10n.t('Reading...'));
  }

  show({ inspection, path }: { inspection: DataInspection; path: string | null }): void {
    this.#found = inspection;
    this.#api.setState({ path });
    setText(this.#error, '');
    this.#showName(inspection.name);
    this.#showSummary(inspection);
    this.#choices.hidden = false;
    this.#showTask(inspection);
    this.#reading.show(inspection);
    this.#showValidation(inspection);
    this.#showColumns(inspection);
    const advice = suggestions(inspection, (fields) => this.#choose({ ...this.#chosen(inspection), fields }));
    const others = [labels, figures, lengths, rows, problems].map((section) => section(inspection));
    this.#sections.replaceChildren(...[plan(inspection), advice, ...others].filter((each) => each !== null));
  }

  refused({ message }: { message: string }): void {
    setText(this.#error, message);
    if (this.#found) this.#showSummary(this.#found);
    else setText(this.#summary, '');
  }

  /** Shows an error and sends it to the host's log. */
  fail(error: Error): void {
    setText(this.#error, error.message);
    this.#host.report({ message: error.stack ?? error.message }).catch((lost: unknown) => console.error(error, lost));
  }

  #showName(name: string): void {
    setText(this.#name, name);
    this.#name.translate = false;
  }

  #showSummary({ format, items, item }: DataInspection): void {
    setText(this.#summary, l10n.t('{0}; {1}.', itemTexts[item].usable(formatCount(items)), say(format)));
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
      h('option', { value: SHARE, selected: validationFile === null }, l10n.t('a fraction of the data')),
      ...file,
      h('option', { value: OTHER }, l10n.t('another file...')),
    );
  }

  #showColumns({ columns, task, kind }: DataInspection): void {
    this.#columnsBlock.hidden = columns.length === 0;
    const fixed = kind === 'folder';
    const focused = document.activeElement?.id;
    this.#columns.replaceChildren(
      ...columns.map(({ name, role, type, unit, distinct, blank, meanLength }, i) => {
        const choice = h(
          'select',
          { id: `role-${i}`, 'aria-label': l10n.t('Role of {0}', say(name)), disabled: fixed },
          ...rolesFor(task).map((each) => h('option', { value: each, selected: each === role }, roleNames[each])),
        );
        choice.addEventListener('change', () => this.#roleChosen(i, choice.value as ColumnRole));
        const numbers = [formatCount(distinct), formatCount(blank), meanLength.toFixed(1)].map((value) =>
          h('td', { class: 'number' }, value),
        );
        return h(
          'tr',
          {},
          h('th', { scope: 'row', ...untranslatedName(name) }, say(name)),
          h('td', {}, choice),
          h('td', {}, unit === '' ? typeNames[type] : l10n.t('{0} in {1}', typeNames[type], unit)),
          ...numbers,
        );
      }),
    );
    // Restores the focus, because the dropdown that had it was replaced.
    if (focused?.startsWith('role-')) document.getElementById(focused)?.focus();
  }

  /** Another reading has other columns, so that their roles are guessed again. */
  #readingChosen(reading: Reading): void {
    const found = this.#found;
    if (found) this.#choose({ reading, validation: found.parts.validationFile });
  }

  #roleChosen(column: number, role: ColumnRole): void {
    const found = this.#found;
    if (found)
      this.#choose({
        ...this.#chosen(found),
        roles: withRole(
          found.columns.map((each) => each.role),
          { column, role, task: found.task },
        ),
      });
  }

  #taskChosen(): void {
    const found = this.#found;
    const task = found?.tasks.find((each) => each === this.#task.value);
    if (found && task) this.#choose({ ...this.#chosen(found), roles: forTask(found, task), fields: {} });
  }

  #validationChosen(): void {
    const found = this.#found;
    if (!found) return;
    const { value } = this.#validation;
    this.#showValidation(found);
    if (value === OTHER) void this.#callHost(() => this.#host.chooseValidationFile());
    else this.#choose({ ...this.#chosen(found), validation: value === SHARE ? null : value });
  }

  /** Current choices, to change one of them and keep the others. */
  #chosen({ columns, parts, reading }: DataInspection): DataChoice {
    return {
      ...(columns.length > 0 && { roles: columns.map(({ role }) => role) }),
      validation: parts.validationFile,
      reading,
      fields: this.#found?.fields,
    };
  }

  #choose(choice: DataChoice): void {
    setText(this.#summary, l10n.t('Reading...'));
    void this.#callHost(() => this.#host.choose(choice));
  }

  /** Sends a request to the host and shows its error message if it fails. */
  async #callHost(request: () => Promise<void>): Promise<void> {
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
