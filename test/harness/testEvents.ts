/** Events that the test extension writes as JSON lines to the file named by `EVENTS_VARIABLE`. */
export type TestEvent =
  /** The tests are loaded. A second event in a run means that the extension host was restarted. */
  | { event: 'start'; tests: number }
  | { event: 'test'; title: string }
  | { event: 'pass'; title: string; milliseconds: number }
  | { event: 'skip'; title: string }
  | { event: 'fail'; title: string; error: string }
  /** The tests could not be loaded or run. */
  | { event: 'broken'; error: string }
  | { event: 'end' };

export const EVENTS_VARIABLE = 'SEQUENCE_LAB_TEST_EVENTS';
/** File URL of the mocha that runs the tests. */
export const MOCHA_VARIABLE = 'SEQUENCE_LAB_TEST_MOCHA';
/** Only tests whose full title matches this regular expression run; all if it is not set. */
export const GREP_VARIABLE = 'SEQUENCE_LAB_TEST_GREP';
