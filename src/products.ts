import { serveProducts } from './alignment/products/worker.ts';

serveProducts();
