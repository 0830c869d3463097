import * as vscode from 'vscode';
import { parseRunConfig, setField } from '../../config/parse.ts';
import type { ConfigChanges } from '../../config/runParent.ts';
import type { RunConfig } from '../../config/schema.ts';
import { describeOdds } from '../../protocol/advice.ts';
import { advice as adviceSchema } from '../../protocol/verdicts.ts';
import type { RunModel } from '../runs/runModel.ts';
import { sourceOf } from '../runs/runSource.ts';
import type { Services } from '../services.ts';
import { withinTrust } from '../trust.ts';
import { chooseRun } from './chooseRun.ts';
import type { Commands } from './command.ts';
import { say, sentences } from '../../phrases/phrase.ts';

/** "Try the suggested change": starts a run on the same data with one change, and compares it with its parent. */
export function adviceCommands(services: Services): Commands {
  const { runs, panels } = services;
  return {
    tryAdvice: async (argument, given) => {
      const run = await chooseRun(
        services,
        argument,
        vscode.l10n.t('Select the run whose suggested change to try'),
        () => true,
      );
      if (!run) return undefined;
      const changes = adviceSchema.shape.changes.safeParse(given).data ?? (await chooseAdvice(services, run));
      if (!changes) return undefined;
      const { config, notices } = withinTrust(changed(run.config, changes));
      const { run: next, ready } = runs.start({
        config,
        notices,
        source: await sourceOf(run),
        name: run.view.name,
        parent: { run: run.id, reason: 'advice', changes },
      });
      panels.show(next, 'compare');
      await ready;
      return next.id;
    },
  };
}

/** Applies changes to a configuration. @throws ConfigError if the result is invalid */
function changed(config: RunConfig, changes: ConfigChanges): RunConfig {
  return parseRunConfig(
    Object.entries(changes).reduce<object>((result, [path, value]) => setField(result, path, value), config),
  );
}

/** Asks for one of the changes that the newest probe of the run advises. */
async function chooseAdvice({ runs }: Services, run: RunModel): Promise<ConfigChanges | undefined> {
  await runs.loadMetrics(run.id);
  const advice = run.probes.latest?.advice ?? [];
  if (advice.length === 0)
    throw new Error(
      vscode.l10n.t(
        'No change is suggested for the run "{0}": it has no probe, or its gradients are healthy.',
        run.view.title,
      ),
    );
  const items = advice.map((each) => ({
    label: say(each.label),
    detail: say(sentences(each.why, describeOdds(each))),
    changes: each.changes,
  }));
  return (
    await vscode.window.showQuickPick(items, {
      placeHolder: vscode.l10n.t('Select the change for the new run'),
      matchOnDetail: true,
    })
  )?.changes;
}
