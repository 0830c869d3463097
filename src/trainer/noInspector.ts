import type { InspectorFunctions } from '../protocol/inspector.ts';

const refuse = (): never => {
  throw new Error('This trainer cannot answer questions about a model.');
};

/** Stands where the answers to questions about a model will. */
export const noInspector: InspectorFunctions & { openRun: () => void } = {
  openRun: refuse,
  probe: refuse,
  inspect: refuse,
  activationMap: refuse,
  unitTraces: refuse,
  connectivity: refuse,
  course: refuse,
  firings: refuse,
};
