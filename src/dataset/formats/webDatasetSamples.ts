import type { TarFault, TarMember } from '../../container/tar.ts';
import type { StemRule } from './pattern.ts';

/** Members of a shard that follow each other and have one key. */
export interface Sample {
  readonly key: string;
  /** By extension in lower case, as the reference library reads them. */
  readonly fields: ReadonlyMap<string, TarMember>;
  /** Members whose extension another one had before. */
  readonly repeated: readonly TarMember[];
}

/** What a member is to WebDataset. */
export type Named = { readonly key: string; readonly extension: string } | 'skipped';

/** As in webdataset's tariterators.py: a key ends at the first dot of the base name; dots of folders do not count. */
const FIRST_DOT = /^((?:.*\/|)[^.]+)[.]([^/]*)$/;
const LAST_DOT = /^((?:.*\/|)[^/]+)[.]([^./]*)$/;
/** Members about the shard itself. */
const META = /^__[^/]*__($|\/)/;

/** Splits the name of a member into key and extension; "skipped" for what the library leaves out. */
export function nameParts(name: string, rule: StemRule): Named {
  const parts = (rule === 'up-to-first-dot' ? FIRST_DOT : LAST_DOT).exec(name);
  const [, key, extension] = parts ?? [];
  // A key that ends with "/" is that of a hidden file, such as `folder/.DS_Store`.
  if (key === undefined || extension === undefined || key.endsWith('/') || META.test(name)) return 'skipped';
  return { key, extension };
}

/** Groups the members of one shard. A member that is skipped does not end a sample; only another key does. */
export class SampleGrouping {
  readonly #rule: StemRule;
  #key: string | undefined;
  #fields = new Map<string, TarMember>();
  #repeated: TarMember[] = [];

  constructor(rule: StemRule) {
    this.#rule = rule;
  }

  /** Adds a member; gives the sample that it ends, or "skipped" when it belongs to none. */
  add(member: TarMember): Sample | 'skipped' | undefined {
    const named = member.kind === 'file' ? nameParts(member.name, this.#rule) : 'skipped';
    if (named === 'skipped') return 'skipped';
    const ended = named.key === this.#key ? undefined : this.end();
    this.#key = named.key;
    const extension = named.extension.toLowerCase();
    if (this.#fields.has(extension)) this.#repeated.push(member);
    else this.#fields.set(extension, member);
    return ended;
  }

  /** The sample that the last member ended. */
  end(): Sample | undefined {
    if (this.#key === undefined) return undefined;
    const sample = { key: this.#key, fields: this.#fields, repeated: this.#repeated };
    this.#key = undefined;
    this.#fields = new Map();
    this.#repeated = [];
    return sample;
  }
}

export function isFault(entry: TarMember | TarFault): entry is TarFault {
  return 'fault' in entry;
}
