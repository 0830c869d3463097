import * as vscode from 'vscode';
import { activationNames } from '../../protocol/activationNames.ts';
import type { RecurrentLayer } from '../../protocol/inspection.ts';
import { unitChoice, type UnitChoice } from '../../protocol/openText.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';

/** Activations that are offered first: the memory of an LSTM, and the output of any cell. */
const PREFERRED_ACTIVATIONS = ['cellState', 'hidden'] as const;

/** Unit that a command was called with, or one that the user selects; undefined if the user dismisses the list. */
export async function chooseUnit(
  { inspection }: Services,
  run: RunModel,
  argument: unknown,
): Promise<UnitChoice | undefined> {
  const given = unitChoice.safeParse(argument);
  if (given.success) return given.data;
  const { layers } = await inspection.inspectors.ask(run, (inspector) =>
    inspector.inspect({ reader: 'units', text: '\n', from: 0, top: 0 }),
  );
  const units = layers.toReversed().flatMap(unitsOf);
  if (units.length === 0) throw new Error(vscode.l10n.t('The model of "{0}" has no recurrent layer.', run.view.title));
  const items = units.map((choice) => ({
    label: vscode.l10n.t('Unit {0}', choice.unit),
    description: `${activationNames[choice.activation].name} · ${choice.layer}${choice.direction === 'backward' ? ', backward' : ''}`,
    choice,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Select a unit. The tab Gates of the panel shows the activations of each unit'),
    matchOnDescription: true,
  });
  return chosen?.choice;
}

function unitsOf({ layer, direction, units, activations }: RecurrentLayer): UnitChoice[] {
  const activation = PREFERRED_ACTIVATIONS.find((name) => activations.includes(name)) ?? activations[0];
  return activation === undefined
    ? []
    : Array.from({ length: units }, (_, unit) => ({ layer, direction, activation, unit }));
}
