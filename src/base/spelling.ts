import { redacted } from './redacted.ts';

const named: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Escapes are found up to this many layers deep. Bounded, or a long run of them in a text would take quadratic time. */
const layers = '{0,3}';
const escape = String.raw`(?:\\|%(?:25){0,3}5[cC])`;

/**
 * A pattern for a text however it travels: as it is, in a URL or a form, in JSON (also within JSON), in HTML or XML, in quotes of YAML or Go, as quoted-printable.
 * Made character by character, since encoders differ in which characters they touch.
 */
export function spelled(text: string): string {
  return spelledCharacters(text).join('');
}

/**
 * The same for a text that was cut: at least half of it and eight characters anywhere, since not everybody says where they cut;
 * four characters are enough before the sign `…`. Undefined when there would be too little to go by.
 */
export function spelledStart(text: string): { readonly anywhere: string | undefined; readonly beforeSign: string | undefined } {
  const characters = spelledCharacters(text).slice(0, deepest);
  const atLeast = (least: number): string | undefined => {
    if (characters.length <= least) return undefined;
    const rest = characters.slice(least).reduceRight((inner, character) => `(?:${character}${inner})?`, '');
    return `${characters.slice(0, least).join('')}${rest}`;
  };
  const [half, few] = [atLeast(Math.max(8, Math.ceil(characters.length / 2))), atLeast(4)];
  // The cut may go through an escape, whose first half then stands before the sign; or its end was taken for the beginning of another secret.
  return { anywhere: half, beforeSign: few && String.raw`${few}(?=(?:${RegExp.escape(redacted)})?[%=\\&#\w]{0,5}…)` };
}

/** What a browser reads in a page that says a text as it is: HTML knows these names also without a semicolon. */
export function readAsHtml(text: string): string {
  const signOf = (name: string): string | undefined => Object.keys(named).find((sign) => named[sign] === name.toLowerCase());
  return text.replace(/&(lt|gt|amp|quot);?/gi, (written, name: string) => signOf(name) ?? written);
}

/** A pattern nests this deep; excerpts are not longer. */
const deepest = 600;

function spelledCharacters(text: string): readonly string[] {
  return Array.from(text, (character) => (/[A-Za-z0-9]/.test(character) ? character : spellingsOf(character)));
}

function spellingsOf(character: string): string {
  const bytes = [...Buffer.from(character)].map((byte) => anyCase(byte.toString(16).padStart(2, '0')));
  const units = Array.from({ length: character.length }, (_, index) => anyCase(character.charCodeAt(index).toString(16).padStart(4, '0')));
  const code = character.codePointAt(0) ?? 0;
  const entity = [named[character], `#0*${String(code)}`, `#[xX]0*${anyCase(code.toString(16))}`].filter((each) => each !== undefined);
  const short = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' }[character];
  return `(?:${escape}${character === '\\' ? '{1,16}' : '{0,15}'}(?:${[
    character === '\\' ? '' : RegExp.escape(character),
    ...(character === "'" ? ["''"] : []),
    ...(character === ' ' ? [String.raw`\+`, '_'] : []),
    bytes.map((byte) => `%(?:25)${layers}${byte}`).join(''),
    bytes.map((byte) => `=${byte}`).join(''),
    `&(?:amp;)${layers}(?:${entity.join('|')});`,
  ].join('|')})|${[
    ...(short === undefined ? [] : [`${escape}{1,15}${short}`]),
    units.map((unit) => `${escape}{1,15}u${unit}`).join(''),
    bytes.map((byte) => `${escape}{1,15}x${byte}`).join(''),
    ...(character === '\\' ? [`%(?:25)${layers}5[cC]`, '=5[cC]', `&(?:amp;)${layers}(?:${entity.join('|')});`] : []),
  ].join('|')})`;
}

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
