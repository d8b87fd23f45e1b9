import type { Json } from '../../base/canonical-json.ts';
import { mapTexts } from '../../base/map-texts.ts';
import { redacted } from '../../base/redacted.ts';
import { placeholder } from './step-options.ts';

/** Values that earlier answers gave, by the name under which later steps write them. */
export type Taken = ReadonlyMap<string, string | number | boolean>;

/** Fills `{{name}}` in a header or a body. */
export function fill(text: string, taken: Taken): string {
  return text.replace(placeholder, (written, name: string) => String(taken.get(name) ?? written));
}

/** Fills `{{name}}` in a URL: escaped, so that a value cannot change the path, unless the URL starts with it. */
export function fillUrl(url: string, taken: Taken): string {
  return url.replace(placeholder, (written, name: string, offset: number) => {
    const value = String(taken.get(name) ?? written);
    return offset === 0 ? value : encodeURIComponent(value);
  });
}

/** Fills `{{name}}` in a JSON body; a text that is nothing else becomes the value itself, number or not. */
export function fillJson(value: Json, taken: Taken): unknown {
  return mapTexts(value, (text) => {
    const whole = /^\{\{(\w+)\}\}$/.exec(text)?.[1];
    return (whole === undefined ? undefined : taken.get(whole)) ?? fill(text, taken);
  });
}

/**
 * Puts `{{name}}` back where a taken value would be recorded: a session token that the target handed out
 * during this run is a secret which no configuration names. Short values hide nothing and stay.
 */
export function mask(text: string, taken: Taken): string {
  if (taken.size === 0) return text;
  const longestFirst = [...taken]
    .filter(([, value]) => typeof value === 'string' && value.length >= 8)
    .toSorted((a, b) => String(b[1]).length - String(a[1]).length);
  return longestFirst.reduce((masked, [name, value]) => masked.replaceAll(String(value), `{{${name}}}`), text);
}

const credential = /token|secret|passw|authori[sz]|cookie|session|api[-_]?key|credential/i;

/** Deeper JSON is cut: a target must not be able to exhaust our stack. */
const deepest = 16;

/** The JSON of an answer without what its keys call a credential. */
export function withoutCredentials(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth === deepest) return '…';
  if (Array.isArray(value)) return value.map((each) => withoutCredentials(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' && credential.test(key) ? redacted : withoutCredentials(inner, depth + 1),
    ]),
  );
}

/** The texts in the JSON of an answer that its keys call a credential. */
export function credentialsIn(value: unknown, depth = 0): readonly string[] {
  if (value === null || typeof value !== 'object' || depth === deepest) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && credential.test(key) && inner !== '' ? [inner] : credentialsIn(inner, depth + 1),
  );
}

export function namesCredential(name: string): boolean {
  return credential.test(name);
}
