import type * as node from '../terminal.ts';
import { refuseInBrowser } from '../abilities.ts';

export const runInTerminal: typeof node.runInTerminal = () => refuseInBrowser('terminal');
