import { openPage } from '../openPage.ts';
import { RunsView } from './runsView.ts';

openPage((root, api) => new RunsView(root, api));
