import { openPage } from '../openPage.ts';
import { GradientsView } from './gradientsView.ts';

openPage((root, api) => new GradientsView(root, api));
