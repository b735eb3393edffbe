import { MediaError } from '../../modality/modality.ts';
import { decodeText } from '../../modality/text.ts';

/** A text, or why there is none: a sentence that lacks its subject. */
export type FoundText =
  | { readonly text: string }
  | { readonly kind: 'bad-row' | 'missing-text' | 'unreadable-media'; readonly fault: string };

/**
 * The text in a member, or in a field of a member in JSON.
 *
 * @param content absent when the member is too long to be read along the way
 * @param field with dots between nested ones
 */
export function textOf(content: Buffer | undefined, field: string | undefined): FoundText {
  if (content === undefined) return { kind: 'bad-row', fault: 'is too long to be read as JSON: it was left out' };
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
