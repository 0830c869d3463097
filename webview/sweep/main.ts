import { openPage } from '../openPage.ts';
import { SweepFormView } from './sweepFormView.ts';

openPage((root, api) => new SweepFormView(root, api));
