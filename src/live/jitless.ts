import * as z from 'zod';

/*
 * By default, zod compiles its checks with `new Function`. The content security policy forbids that, and the browser
 * reports even a caught attempt as a violation. A page imports this module before any schema.
 */
z.config({ jitless: true });
