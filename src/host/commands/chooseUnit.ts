import * as vscode from 'vscode';
import { activationNames } from '../../protocol/activationNames.ts';
import { describeRole } from '../../protocol/describeRole.ts';
import type { RecurrentLayer } from '../../protocol/inspection.ts';
import type { RemoteInspector } from '../../protocol/inspector.ts';
import { unitChoice, type UnitChoice } from '../../protocol/openText.ts';
import { passageAt } from '../inspection/passage.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { say } from '../../phrases/phrase.ts';

/** Activations that are offered first: the memory of an LSTM, and the output of any cell. */
const PREFERRED_ACTIVATIONS = ['cellState', 'hidden'] as const;

/** Tokens around the cursor over which units are compared with classes of tokens. */
const TOKENS = 500;

interface UnitItem extends vscode.QuickPickItem {
  readonly choice?: UnitChoice;
}

/**
 * Unit that a command was called with, or one that the user selects; undefined if the user dismisses the list. Each unit
 * says what it follows in the text around the cursor, the clearest first; the unit that colors the text is on top.
 */
export async function chooseUnit(
  services: Services,
  run: RunModel,
  argument: unknown,
): Promise<UnitChoice | undefined> {
  const given = unitChoice.safeParse(argument);
  if (given.success) return given.data;
  const { coloring } = services.colors;
  const current = coloring?.run === run ? coloring.unit : null;
  const items = itemsOf(await describedUnits(services, run), current);
  if (items.length === 0) throw new Error(vscode.l10n.t('The model of "{0}" has no recurrent layer.', run.view.title));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Select a unit. The tab Gates of the panel shows the activations of each unit'),
    matchOnDescription: true,
  });
  return chosen?.choice;
}

/** A unit and what it follows. */
interface DescribedUnit {
  readonly choice: UnitChoice;
  readonly role: string;
}

/** Units of every layer, the top layer first, in the order of how clearly they follow a class of tokens. */
async function describedUnits({ inspection }: Services, run: RunModel): Promise<DescribedUnit[]> {
  const { inspectors, followed, rows } = inspection;
  return inspectors.ask(run, async (inspector) => {
    const text = followed.current;
    const read =
      text && text.source.length > 0
        ? await passageAt(text, { config: run.config, inspector, rows, tokens: TOKENS })
        : { text: '\n', from: 0 };
    const { id, layers } = await inspector.inspect({ reader: 'units', text: read.text, from: read.from, top: 0 });
    const described = await Promise.all(layers.toReversed().map((layer) => unitsOf(inspector, id, layer)));
    return described.flat();
  });
}

async function unitsOf(
  inspector: RemoteInspector,
  inspection: number,
  layer: RecurrentLayer,
): Promise<DescribedUnit[]> {
  const { activations, direction } = layer;
  const activation = PREFERRED_ACTIVATIONS.find((name) => activations.includes(name)) ?? activations[0];
  if (activation === undefined) return [];
  const place = { layer: layer.layer, direction, activation };
  const { units } = await inspector.unitRoles({ inspection, ...place });
  return units.map((role) => ({ choice: { ...place, unit: role.unit }, role: describeRole(role) }));
}

/** Items with a separator before each layer, and the current unit before all of them. */
function itemsOf(units: readonly DescribedUnit[], current: UnitChoice | null): UnitItem[] {
  const item = ({ choice, role }: DescribedUnit, mark = ''): UnitItem => ({
    label: `${mark}${vscode.l10n.t('Unit {0}', choice.unit)}`,
    description: role,
    choice,
  });
  const isCurrent = ({ choice }: DescribedUnit) =>
    current !== null &&
    choice.unit === current.unit &&
    choice.layer === current.layer &&
    choice.direction === current.direction &&
    choice.activation === current.activation;
  const now = units.find(isCurrent);
  return [
    ...(now ? [separator(vscode.l10n.t('colors the text now')), item(now, '$(check) ')] : []),
    ...units
      .filter((unit) => unit !== now)
      .flatMap((unit, i, all) => {
        const title = titleOf(unit);
        const before = all[i - 1];
        return [...(before && titleOf(before) === title ? [] : [separator(title)]), item(unit)];
      }),
  ];
}

function titleOf({ choice: { activation, layer, direction } }: DescribedUnit): string {
  const name = `${say(activationNames[activation].name)} \u00b7 ${layer}`;
  return direction === 'backward' ? vscode.l10n.t('{0}, backward', name) : name;
}

function separator(label: string): UnitItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
