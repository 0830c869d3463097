import * as z from 'zod';
import { classifierContract } from '../protocol/classifier.ts';
import { connect, type Port } from '../protocol/rpc.ts';
import { OpenClassifier } from './classifier.ts';

/** Serves the contract of a classifier on a port. */
export function serveClassifier(port: Port): void {
  // Compiling a check takes longer than the few checks before the first answer.
  z.config({ jitless: true });
  const classifier = new OpenClassifier();
  connect({
    port,
    serves: classifierContract,
    functions: {
      openClassifier: (request) => classifier.open(request),
      answer: (text) => classifier.answer(text),
      explain: (text) => classifier.explain(text),
      openTable: (source) => classifier.openTable(source),
      classifyRows: (request) => classifier.classifyRows(request),
      cancelClassification: () => classifier.cancel(),
    },
    calls: {},
    onError: (error) => {
      throw error;
    },
  });
}
