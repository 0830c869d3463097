import { openPage } from '../openPage.ts';
import { CourseView } from './courseView.ts';

openPage((root, api) => new CourseView(root, api));
