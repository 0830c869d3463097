import * as z from 'zod';
import { saveCompiledCode } from '../platform/codeCache.ts';
import { yieldToEventLoop } from '../platform/system.ts';
import { classifierContract } from '../protocol/classifier.ts';
import { connect, type Port } from '../protocol/rpc.ts';
import { OpenClassifier } from './classifier.ts';

/** Serves the contract of a classifier on a port. */
export function serveClassifier(port: Port): void {
  // Compiling a check takes longer than the few checks before the first answer.
  z.config({ jitless: true });
  const classifier = new OpenClassifier();
  // The owner kills the process in the end, so the code that the first answer compiled is stored after it.
  let isSaved = false;
  const saveOnce = () => {
    if (!isSaved) void yieldToEventLoop().then(saveCompiledCode);
    isSaved = true;
  };
  connect({
    port,
    serves: classifierContract,
    functions: {
      openClassifier: (request) => classifier.open(request),
      answer: (text) => classifier.answer(text).finally(saveOnce),
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
