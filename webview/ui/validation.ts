import * as z from 'zod';

// Must run before any schema is built: zod's compiled checks use `new Function`, which the page's policy forbids.
z.config({ jitless: true });
