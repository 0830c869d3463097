import type { SweepState } from '../plan/sweepState.ts';
import type { Sweep } from '../sweep.ts';
import { Heap, SortedItems } from './ordered.ts';
import { byObjective, type SettingResult, settingResult } from './ranking.ts';

/** A setting that is promoted, and the rung that it is promoted to. */
export interface Promotion {
  readonly setting: number;
  readonly rung: number;
}

/** The settings at one rung. */
interface Rung {
  /** Number of settings that have reached it; of these, those that have ended there, and those with an objective. */
  reached: number;
  ended: number;
  finite: number;
  /** Settings with an objective that may be promoted from it, the best one first. Some are there with outdated results. */
  readonly candidates: Heap<SettingResult>;
  /** Settings with an objective that were promoted from it. */
  readonly promoted: SortedItems<SettingResult>;
}

/** Where a setting is: the trials of a setting are at one rung. */
interface Place {
  readonly rung: number;
  /** Its result there. */
  readonly result: SettingResult;
}

/**
 * The settings of a sweep at their rungs, as far as promotions follow from them. A change of a setting takes about
 * logarithmic time, so that a sweep of a million trials decides as fast as a small one.
 */
export class Rungs {
  readonly #sweep: Sweep;
  readonly #state: SweepState;
  readonly #rungs: Rung[] = [];
  /** Places of the settings. */
  readonly #places: Place[] = [];

  constructor(sweep: Sweep, state: SweepState) {
    this.#sweep = sweep;
    this.#state = state;
    for (let setting = 0; setting < state.settings; setting++) this.update(setting);
  }

  /** Takes in that trials of a setting have changed. */
  update(setting: number): void {
    const trials = this.#state.trialsOf(setting);
    const rung = trials[0]?.rung ?? 0;
    const before = this.#places[setting];
    // A new setting, or one that was promoted: it has passed the rungs below.
    for (let next = before ? before.rung + 1 : 0; next <= rung; next++) {
      const below = this.#places[setting]?.result;
      if (below && below.objective !== null) this.#rung(next - 1).promoted.add(below);
      this.#rung(next).reached++;
      const result = { setting, hasEnded: false, objective: null };
      this.#places[setting] = { rung: next, result };
      this.#replace(setting, settingResult(setting, trials, next));
    }
    if (before?.rung === rung) this.#replace(setting, settingResult(setting, trials, rung));
  }

  /** The next promotion, from the highest rung down; undefined if there is none. */
  next(): Promotion | undefined {
    const { rungs, file } = this.#sweep;
    if (!rungs || !('eta' in file.method)) return undefined;
    const { name, eta } = file.method;
    for (let rung = Math.min(rungs.length - 1, this.#rungs.length) - 1; rung >= 0; rung--) {
      const { ended, reached, promoted } = this.#rung(rung);
      if (name === 'halving' && (ended < reached || !this.#isComplete(rung, eta))) continue;
      const best = this.#bestCandidate(rung);
      // All settings that are better have been promoted.
      if (best && promoted.countBefore(best) < Math.floor(ended / eta))
        return { setting: best.setting, rung: rung + 1 };
    }
    return undefined;
  }

  /** Replaces the result of a setting at its rung. */
  #replace(setting: number, result: SettingResult): void {
    const place = this.#places[setting];
    if (!place) return;
    const rung = this.#rung(place.rung);
    rung.ended += Number(result.hasEnded) - Number(place.result.hasEnded);
    rung.finite += Number(result.objective !== null) - Number(place.result.objective !== null);
    this.#places[setting] = { rung: place.rung, result };
    if (result.objective !== null && result.objective !== place.result.objective) rung.candidates.add(result);
  }

  /** The best setting of those that have an objective at a rung and were not promoted from it. */
  #bestCandidate(rung: number): SettingResult | undefined {
    const { candidates } = this.#rung(rung);
    for (;;) {
      const { first } = candidates;
      if (!first) return undefined;
      const place = this.#places[first.setting];
      if (place?.rung === rung && place.result.objective === first.objective) return first;
      candidates.removeFirst();
    }
  }

  /** Whether all settings that reach a rung are there: all at rung 0, and the promoted ones above it. */
  #isComplete(rung: number, eta: number): boolean {
    let expected = this.#state.settings;
    for (let below = 0; below < rung; below++)
      expected = Math.min(Math.floor(expected / eta), this.#rung(below).finite);
    // More than expected are there if a setting that failed was tried again, and promoted after the others.
    return this.#rung(rung).reached >= expected;
  }

  #rung(rung: number): Rung {
    return (this.#rungs[rung] ??= newRung(this.#sweep.objective.direction));
  }
}

function newRung(direction: Sweep['objective']['direction']): Rung {
  const better = byObjective(direction);
  const compare = (a: SettingResult, b: SettingResult) => better(a, b) || a.setting - b.setting;
  return { reached: 0, ended: 0, finite: 0, candidates: new Heap(compare), promoted: new SortedItems(compare) };
}
