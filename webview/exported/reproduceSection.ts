import * as l10n from '@vscode/l10n';
import type { ExportedRun } from '../../src/protocol/exportedPage.ts';
import { button, h, setText } from '../dom.ts';
import { saveFile } from './saveFile.ts';
import { section } from './section.ts';

/** How to repeat the run. */
export function reproduceSection(run: ExportedRun): HTMLElement {
  return section('reproduce', l10n.t('Repeat this run'), ...reproduction(run));
}

/** The command that repeats a run, its configuration to copy or save, and what else decides about its numbers. */
export function reproduction({ reproduction: stored, view }: ExportedRun): HTMLElement[] {
  const { command, configName, config, data, sha256, versions } = stored;
  const named = (label: string) => `${label}, ${view.label}`;
  const copied = h('span', { role: 'status' });
  const copy = (text: string, done: string) => {
    navigator.clipboard.writeText(text).then(
      () => setText(copied, done),
      () => setText(copied, l10n.t('The browser does not allow copying. Select the text instead.')),
    );
  };
  const facts = [
    ...(data === null ? [] : [l10n.t('Data: {0}', data)]),
    ...(sha256 === null ? [] : [`SHA-256: ${sha256}`]),
    ...(view.backend ? [l10n.t('Backend: {0}, {1} threads', view.backend.name, view.backend.threads)] : []),
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
  ];
  return [
    h('p', { class: 'about' }, l10n.t('Save the configuration next to the data, and run this command there.')),
    h('pre', { class: 'command', tabindex: 0, role: 'region', 'aria-label': named(l10n.t('Command')) }, command),
    h(
      'div',
      { class: 'tools' },
      button(l10n.t('Copy command'), {}, () => copy(command, l10n.t('The command is in the clipboard.'))),
      button(l10n.t('Copy configuration'), {}, () => copy(config, l10n.t('The configuration is in the clipboard.'))),
      button(l10n.t('Save configuration'), {}, () => saveFile(configName, `${config}\n`, 'json')),
      copied,
    ),
    h(
      'details',
      {},
      h('summary', {}, configName),
      h('pre', { class: 'config', tabindex: 0, role: 'region', 'aria-label': named(configName) }, config),
    ),
    h('ul', { class: 'facts', translate: 'no' }, ...facts.map((fact) => h('li', {}, fact))),
  ];
}
