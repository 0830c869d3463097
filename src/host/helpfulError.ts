/** A command that gets the user further, offered as a button of the notification. */
export interface HelpfulAction {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

/** An error that knows what the user can do about it. */
export class HelpfulError extends Error {
  override readonly name = 'HelpfulError';
  readonly action: HelpfulAction;

  constructor(message: string, action: HelpfulAction, options?: ErrorOptions) {
    super(message, options);
    this.action = action;
  }
}
