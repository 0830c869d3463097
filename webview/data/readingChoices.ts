import * as l10n from '@vscode/l10n';
import { autoReading, type Reading } from '../../src/config/reading.ts';
import type { DataInspection } from '../../src/protocol/dataInspection.ts';
import { h } from '../dom.ts';

/** Encodings that the menu offers; data.encoding of a configuration takes every other one. */
const ENCODINGS = [
  ...['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1250', 'windows-1251', 'windows-1253', 'windows-1254'],
  ...['windows-1255', 'windows-1256', 'windows-1257', 'iso-8859-2', 'iso-8859-15', 'koi8-r', 'gbk', 'gb18030', 'big5'],
  ...['shift_jis', 'euc-jp', 'euc-kr', 'ibm866'],
];

/** A setting of the readers that the view changes: its values with their names, and the value that was found. */
interface Choice {
  readonly field: 'encoding' | 'delimiter' | 'header' | 'decimal';
  readonly label: () => string;
  readonly values: () => readonly (readonly [value: string, name: string])[];
  /** The value that was found; undefined if the data has no such part. */
  readonly found: (inspection: DataInspection) => string | undefined;
}

const CHOICES: readonly Choice[] = [
  {
    field: 'encoding',
    label: () => l10n.t('Encoding'),
    values: () => ENCODINGS.map((name) => [name, name]),
    found: ({ encoding }) => encoding ?? undefined,
  },
  {
    field: 'delimiter',
    label: () => l10n.t('Delimiter'),
    values: () => [
      [',', l10n.t('comma')],
      [';', l10n.t('semicolon')],
      ['tab', l10n.t('tab')],
      ['|', l10n.t('bar')],
      [':', l10n.t('colon')],
      ['blanks', l10n.t('blanks')],
    ],
    found: ({ dialect }) => (dialect?.delimiter === '\t' ? 'tab' : dialect?.delimiter),
  },
  {
    field: 'header',
    label: () => l10n.t('Header'),
    values: () => [
      ['yes', l10n.t('first row')],
      ['no', l10n.t('none')],
    ],
    found: ({ dialect }) => (dialect ? (dialect.header ? 'yes' : 'no') : undefined),
  },
  {
    field: 'decimal',
    label: () => l10n.t('Decimal sign'),
    values: () => [
      ['.', l10n.t('point')],
      [',', l10n.t('comma')],
    ],
    found: ({ dialect }) => dialect?.decimal,
  },
];

/** Menus for how a file is read. The first entry of each is what was detected. */
export class ReadingChoices {
  readonly element = h('div', { class: 'choices', hidden: true });
  readonly #choose: (reading: Reading) => void;

  constructor(choose: (reading: Reading) => void) {
    this.#choose = choose;
  }

  show(inspection: DataInspection): void {
    const focused = document.activeElement?.id;
    const menus = CHOICES.flatMap((choice) => {
      const found = choice.found(inspection);
      return found === undefined ? [] : [this.#menu(choice, found, inspection.reading)];
    });
    this.element.replaceChildren(...menus);
    this.element.hidden = menus.length === 0;
    if (focused?.startsWith('reading-')) document.getElementById(focused)?.focus();
  }

  #menu({ field, label, values }: Choice, found: string, reading: Reading): HTMLElement {
    const set = reading[field];
    const known = values();
    const others = [set, found].filter((value) => value !== 'auto' && !known.some(([name]) => name === value));
    const options = [...known, ...[...new Set(others)].map((value) => [value, value] as const)];
    const nameOf = (value: string) => options.find(([each]) => each === value)?.[1] ?? value;
    const menu = h(
      'select',
      { id: `reading-${field}` },
      h(
        'option',
        { value: 'auto', selected: set === 'auto' },
        set === 'auto' ? l10n.t('detected: {0}', nameOf(found)) : l10n.t('detect'),
      ),
      ...options.map(([value, name]) =>
        h('option', { value, selected: value === set, ...(value === name && { translate: 'no' }) }, name),
      ),
    );
    menu.addEventListener('change', () => this.#choose({ ...autoReading, ...reading, [field]: menu.value }));
    return h('label', {}, label(), ' ', menu);
  }
}
