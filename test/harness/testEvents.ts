/** What the test extension writes, one JSON object a line, into the file that `EVENTS_VARIABLE` names. */
export type TestEvent =
  /** The tests are loaded. A second one in a run means that the extension host was started again. */
  | { event: 'start'; tests: number }
  | { event: 'test'; title: string }
  | { event: 'pass'; title: string; milliseconds: number }
  | { event: 'skip'; title: string }
  | { event: 'fail'; title: string; error: string }
  /** The tests could not be loaded or run at all. */
  | { event: 'broken'; error: string }
  | { event: 'end' };

export const EVENTS_VARIABLE = 'SEQUENCE_LAB_TEST_EVENTS';
/** File URL of the mocha that runs the tests. */
export const MOCHA_VARIABLE = 'SEQUENCE_LAB_TEST_MOCHA';
/** Only tests whose full title matches this regular expression run; all if it is not set. */
export const GREP_VARIABLE = 'SEQUENCE_LAB_TEST_GREP';
