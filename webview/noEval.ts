import * as z from 'zod';

/*
 * zod compiles its checks with `new Function` where it may. The panel's content security policy forbids
 * that, and even the caught attempt is reported as a violation. This module is imported before any schema.
 */
z.config({ jitless: true });
