import * as l10n from '@vscode/l10n';
import type { ChartSpec } from './spec.ts';

type XName = ChartSpec['xName'];

/** Text of a quantity on the x axis. */
interface XText {
  readonly name: string;
  /** A place on the axis, such as "step 150", and the same at the beginning of a sentence. */
  readonly at: (x: string) => string;
  readonly start: (x: string) => string;
}

/** Text of each quantity on the x axis. */
export const xTexts: Readonly<Record<XName, XText>> = {
  step: {
    name: l10n.t('step'),
    at: (x) => l10n.t('step {0}', x),
    start: (x) => l10n.t('Step {0}', x),
  },
  lag: {
    name: l10n.t('lag'),
    at: (x) => l10n.t('lag {0}', x),
    start: (x) => l10n.t('Lag {0}', x),
  },
  token: {
    name: l10n.t('token'),
    at: (x) => l10n.t('token {0}', x),
    start: (x) => l10n.t('Token {0}', x),
  },
  second: {
    name: l10n.t('second'),
    at: (x) => l10n.t('second {0}', x),
    start: (x) => l10n.t('Second {0}', x),
  },
  item: {
    name: l10n.t('item'),
    at: (x) => l10n.t('item {0}', x),
    start: (x) => l10n.t('Item {0}', x),
  },
  row: {
    name: l10n.t('row'),
    at: (x) => l10n.t('row {0}', x),
    start: (x) => l10n.t('Row {0}', x),
  },
  'steps ahead': {
    name: l10n.t('steps ahead'),
    at: (x) => l10n.t('steps ahead {0}', x),
    start: (x) => l10n.t('Steps ahead {0}', x),
  },
  rate: {
    name: l10n.t('learning rate'),
    at: (x) => l10n.t('step {0}', x),
    start: (x) => l10n.t('Step {0}', x),
  },
  index: {
    name: l10n.t('index'),
    at: (x) => l10n.t('index {0}', x),
    start: (x) => l10n.t('Index {0}', x),
  },
};
