import { serveHeaders } from './decoding/headerWorker.ts';

serveHeaders();
