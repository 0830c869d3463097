/** Command that helps with an error, offered as a button of the notification. */
export interface HelpfulAction {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

/** Error with actions that the user can take. */
export class HelpfulError extends Error {
  override readonly name = 'HelpfulError';
  readonly action: HelpfulAction;

  constructor(message: string, action: HelpfulAction, options?: ErrorOptions) {
    super(message, options);
    this.action = action;
  }
}
