import { courseHostContract, courseViewContract } from '../../src/protocol/course.ts';
import { dataHostContract, dataViewContract } from '../../src/protocol/dataView.ts';
import { formHostContract, formViewContract } from '../../src/protocol/form.ts';
import { gradientsHostContract, gradientsViewContract } from '../../src/protocol/gradientsView.ts';
import { liveModelContract } from '../../src/protocol/liveModel.ts';
import { panelContract, panelHostContract } from '../../src/protocol/panel.ts';
import { reportPageContract, reportPageHostContract } from '../../src/protocol/reportPage.ts';
import type { Contract } from '../../src/protocol/rpc.ts';
import { runsPageContract, runsPageHostContract } from '../../src/protocol/runsPage.ts';
import { sweepFormHostContract, sweepFormViewContract } from '../../src/protocol/sweepForm.ts';
import { ownerContract, trainerContract } from '../../src/protocol/trainer.ts';

/** The contracts of the two ends of a boundary. */
export interface Boundary {
  readonly host: Contract;
  readonly page: Contract;
}

/** Every boundary with a page. */
export const pageBoundaries = {
  panel: { host: panelHostContract, page: panelContract },
  gradients: { host: gradientsHostContract, page: gradientsViewContract },
  data: { host: dataHostContract, page: dataViewContract },
  course: { host: courseHostContract, page: courseViewContract },
  runs: { host: runsPageHostContract, page: runsPageContract },
  report: { host: reportPageHostContract, page: reportPageContract },
  form: { host: formHostContract, page: formViewContract },
  sweep: { host: sweepFormHostContract, page: sweepFormViewContract },
} as const satisfies Readonly<Record<string, Boundary>>;

/** What each end of each boundary accepts, by a name. */
export const ends: ReadonlyMap<string, Contract> = new Map<string, Contract>([
  ...Object.entries(pageBoundaries).flatMap(([name, { host, page }]): [string, Contract][] => [
    [`host of ${name}`, host],
    [`page ${name}`, page],
  ]),
  ['owner of a trainer', ownerContract],
  ['trainer', trainerContract],
  ['model in an exported page', liveModelContract],
]);
