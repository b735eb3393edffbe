import { croissant } from './croissant.ts';
import { csv } from './csv.ts';
import type { Exporter } from './export.ts';
import { huggingFace } from './huggingFace.ts';
import { jsonl } from './jsonl.ts';
import { parquet } from './parquet.ts';
import { webDataset } from './webDataset.ts';

/** Everything that a dataset can be exported to. */
export const EXPORTERS: readonly Exporter[] = [csv, jsonl, parquet, webDataset, huggingFace, croissant];
