import { openPage } from '../openPage.ts';
import { FormView } from './formView.ts';

openPage((root, api) => new FormView(root, api));
