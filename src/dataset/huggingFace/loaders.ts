import { posix } from 'node:path';

/**
 * Which loader Hugging Face `datasets` chooses for files, by their extensions, and which files the loader then takes:
 * `load.py`, `packaged_modules/__init__.py` and the extension lists of `packaged_modules/*` (July 2026).
 */

/** A loader; files of one name but another variant (`.csv` and `.tsv`) do not go together in different splits. */
export interface Loader {
  readonly name: string;
  readonly variant?: string;
}

const FOLDER_LOADERS: Readonly<Record<string, readonly string[]>> = {
  imagefolder: words(
    'blp bmp dib bufr cur pcx dcx dds ps eps fit fits fli flc ftc ftu gbr gif grib png apng jp2 j2k jpc jpf jpx j2c ' +
      'icns ico im iim tif tiff jfif jpe jpg jpeg mpg mpeg msp pcd pxr pbm pgm ppm pnm psd bw rgb rgba sgi ras tga ' +
      'icb vda vst webp wmf emf xbm xpm',
  ),
  audiofolder: words(
    'aiff au avr caf flac htk svx mat4 mat5 mpc2k ogg paf pvf raw rf64 sd2 sds ircam voc w64 wav nist wavex wve xi ' +
      'mp3 opus 3gp 3g2 avi asf flv mp4 mov m4v mkv mpg webm f4v wmv wma ogg ogm mxf nut',
  ),
  videofolder: words('mkv mp4 avi mpeg mov'),
  meshfolder: words('glb ply stl'),
  pdffolder: words('pdf'),
  niftifolder: words('nii'),
};

const TABLE_LOADERS: readonly (readonly [extension: string, loader: Loader])[] = [
  ['.csv', { name: 'csv' }],
  ['.tsv', { name: 'csv', variant: 'tab' }],
  ['.json', { name: 'json' }],
  ['.jsonl', { name: 'json' }],
  ['.ndjson', { name: 'json' }],
  ['.parquet', { name: 'parquet' }],
  ['.geoparquet', { name: 'parquet' }],
  ['.gpq', { name: 'parquet' }],
  ['.arrow', { name: 'arrow' }],
  ['.txt', { name: 'text' }],
  ['.conll', { name: 'conll' }],
  ['.conllu', { name: 'conll', variant: 'comments' }],
  ['.tar', { name: 'webdataset' }],
  ['.xml', { name: 'xml' }],
  ['.hdf5', { name: 'hdf5' }],
  ['.h5', { name: 'hdf5' }],
  ['.eval', { name: 'eval' }],
  ['.lance', { name: 'lance' }],
  ['.tsfile', { name: 'tsfile' }],
];

/** Folder loaders take an extension in lower and in upper case, but not mixed; a later loader wins an extension. */
const LOADERS: ReadonlyMap<string, Loader> = new Map([
  ...TABLE_LOADERS,
  ...Object.entries(FOLDER_LOADERS).flatMap(([name, extensions]) =>
    extensions.flatMap((extension): [string, Loader][] => [
      [extension, { name }],
      [extension.toUpperCase(), { name }],
    ]),
  ),
]);

const LANCE_FILES: ReadonlySet<string> = new Set(['.idx', '.txn', '.manifest']);
const LANCE_HINT = 'latest_version_hint.json';

/** In the order in which they win a tie; any other extension stands behind them, the alphabetically last one first. */
const FAVOURITES = ['.parquet', '.lance', '.arrow', '.jsonl', '.json', '.csv'];

export const METADATA_NAMES: ReadonlySet<string> = new Set(['metadata.csv', 'metadata.jsonl', 'metadata.parquet']);

/** True for `metadata.csv`, `metadata.jsonl` and `metadata.parquet`, exactly so written, in any folder. */
export function isMetadata(path: string): boolean {
  return METADATA_NAMES.has(posix.basename(path));
}

/** True when any loader takes an extension of the name: each part after a dot counts. */
export function isLoadable(path: string): boolean {
  return suffixes(path).some((suffix) => LOADERS.has(suffix) || suffix === '.zip' || LANCE_FILES.has(suffix));
}

/**
 * The loader of the commonest extension, metadata files counted last; `archives` when that is `.zip`, because then the
 * names inside decide; `undefined` when there is none.
 */
export function chooseLoader(paths: readonly string[]): Loader | undefined {
  const counts = new Map<string, { extension: string; isData: boolean; count: number }>();
  for (const path of paths) {
    const isData = !isMetadata(path) && posix.basename(path) !== LANCE_HINT;
    for (const suffix of suffixes(path)) {
      const extension = suffix.toLowerCase();
      const key = `${isData}${extension}`;
      const entry = counts.get(key) ?? { extension, isData, count: 0 };
      entry.count++;
      counts.set(key, entry);
    }
  }
  const rank = (extension: string): number => FAVOURITES.indexOf(extension) >>> 0;
  const ordered = [...counts.values()].sort(
    (a, b) =>
      Number(b.isData) - Number(a.isData) ||
      b.count - a.count ||
      rank(a.extension) - rank(b.extension) ||
      (a.extension < b.extension ? 1 : -1),
  );
  for (const { extension } of ordered) {
    if (extension === '.zip') return { name: 'archives' };
    const loader = LOADERS.get(extension);
    if (loader !== undefined) return loader;
  }
  return undefined;
}

/** What a loader makes of a file. */
export type Role = 'data' | 'metadata' | 'archive' | 'none';

/** How the loader treats each file. A folder loader looks at the last two extensions, in any case. */
export function roleOf({ name }: Loader, path: string): Role {
  const extensions = FOLDER_LOADERS[name];
  if (extensions === undefined) return isTaken(name, path) ? 'data' : 'none';
  const { name: stem, ext } = posix.parse(path);
  const second = posix.extname(stem).toLowerCase();
  // The extensions were filtered before, and then in lower or upper case only.
  if (isTaken(name, path) && (extensions.includes(ext.toLowerCase()) || extensions.includes(second))) return 'data';
  if (isMetadata(path)) return 'metadata';
  return ext === '.zip' ? 'archive' : 'none';
}

/** True for a folder loader's file whose last extension is one of its own: only these give classes by folder. */
export function givesClass({ name }: Loader, path: string): boolean {
  return FOLDER_LOADERS[name]?.includes(posix.extname(path).toLowerCase()) ?? false;
}

export function isFolderLoader({ name }: Loader): boolean {
  return name in FOLDER_LOADERS;
}

/** The extension may be followed by others, as in `a.jpg.gz`, wherever in the path it stands. */
function isTaken(name: string, path: string): boolean {
  return path
    .split('.')
    .slice(1)
    .some((part) => {
      const suffix = `.${part}`;
      if (suffix === '.zip' || (name === 'archives' && LOADERS.has(suffix))) return true;
      return LOADERS.get(suffix)?.name === name || (name === 'lance' && LANCE_FILES.has(suffix));
    });
}

/** `.tar` and `.gz` of `a.tar.gz`. */
function suffixes(path: string): string[] {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .split('.')
    .slice(1)
    .map((part) => `.${part}`);
}

function words(list: string): readonly string[] {
  return list.split(' ').map((extension) => `.${extension}`);
}
