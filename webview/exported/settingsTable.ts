import * as l10n from '@vscode/l10n';
import { say } from '../../src/phrases/phrase.ts';
import type { ShownSetting } from '../../src/protocol/exportedPage.ts';
import { h } from '../dom.ts';
import { framedTable } from '../framedTable.ts';

/** Settings of a run: those that differ from the defaults, and the others folded. */
export function settingsTables(settings: readonly ShownSetting[]): HTMLElement[] {
  const changed = settings.filter(({ value, standard }) => value !== standard);
  const others = settings.filter(({ value, standard }) => value === standard);
  return [
    changed.length === 0
      ? h('p', { class: 'about' }, l10n.t('All settings have their defaults.'))
      : table(l10n.t('Settings that differ from the defaults'), changed, true),
    ...(others.length === 0
      ? []
      : [
          h(
            'details',
            { class: 'all-settings' },
            h('summary', {}, l10n.t('Settings with their defaults ({0})', others.length)),
            table(l10n.t('Settings with their defaults'), others, false),
          ),
        ]),
  ];
}

function table(caption: string, settings: readonly ShownSetting[], withDefault: boolean): HTMLElement {
  const heads = [
    l10n.t('Setting'),
    l10n.t('Value'),
    ...(withDefault ? [l10n.t('Default')] : []),
    l10n.t('Description'),
  ];
  return framedTable(
    caption,
    heads,
    settings.map(({ path, value, standard, description }) =>
      h(
        'tr',
        { 'data-setting': path },
        h('th', { scope: 'row' }, h('code', {}, path)),
        h('td', {}, h('code', {}, shown(value))),
        ...(withDefault ? [h('td', {}, h('code', {}, shown(standard)))] : []),
        h('td', { class: 'text' }, say(description)),
      ),
    ),
    'settings',
  );
}

/** A value as a configuration has it; an empty text in quotes. */
function shown(value: ShownSetting['value']): string {
  return value === '' ? '""' : String(value);
}
