import { gunzipSync } from 'node:zlib';
import { errorCode } from '../../base/errors.ts';
import { MediaError } from '../../modality/modality.ts';
import { decodeText } from '../../modality/text.ts';

/** A text, or why there is none: a sentence that lacks its subject. */
export type FoundText =
  | { readonly text: string }
  | { readonly kind: 'bad-row' | 'missing-text' | 'unreadable-media'; readonly fault: string };

/** A text is inflated to so many bytes at most. */
const MAX_INFLATED = 16 * 1024 * 1024;

/** True for the names and extensions of members that are gzipped one by one: `txt.gz`. */
export function isPacked(name: string): boolean {
  return /\.gz$/i.test(name);
}

/**
 * The text in a member, or in a field of a member in JSON.
 *
 * @param content absent when the member is too long to be read along the way
 * @param field with dots between nested ones
 */
export function textOf({ name, content }: TextMember, field: string | undefined): FoundText {
  if (content === undefined) {
    const how = isPacked(name) ? 'inflated' : 'read as JSON';
    return { kind: 'bad-row', fault: `is too long to be ${how}: it was left out` };
  }
  const bytes = isPacked(name) ? inflated(content) : content;
  return 'fault' in bytes ? bytes : textIn(bytes, field);
}

function inflated(content: Buffer): Buffer | Exclude<FoundText, { readonly text: string }> {
  try {
    return gunzipSync(content, { maxOutputLength: MAX_INFLATED });
  } catch (error) {
    const isLong = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    const fault = isLong ? 'inflates to more than 16 MiB: split it' : 'cannot be inflated: compress it again';
    return { kind: 'unreadable-media', fault };
  }
}

/** A member of a shard with its bytes, when they were kept. */
interface TextMember {
  readonly name: string;
  readonly content?: Buffer | undefined;
}

function textIn(content: Buffer, field: string | undefined): FoundText {
  try {
    const text = decodeText(content, '');
    return field === undefined ? { text } : textInJson(text, field.split('.'));
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    const kind = error.problem === 'empty-item' ? 'missing-text' : 'unreadable-media';
    return { kind, fault: error.fault.replace(/\.$/, '') };
  }
}

function textInJson(json: string, path: readonly string[]): FoundText {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { kind: 'bad-row', fault: 'is not JSON: write it again or delete the sample' };
  }
  for (const name of path) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { text: String(value) };
  if (typeof value === 'string' && value.trim() !== '') return { text: value };
  return { kind: 'missing-text', fault: `has no text in "${path.join('.')}": fill it in or delete the sample` };
}
