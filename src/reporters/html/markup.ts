import { visible } from '../../report/visible.ts';

/** Text that is HTML already. Only `markup` makes it, so whatever else is put into a page is escaped. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | false | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A template whose values are shown as text, and cannot be anything else, in an element or in a quoted attribute. */
export function markup(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { html: texts.map((text, index) => text + written(values[index])).join('') };
}

/** Something of ours that is no text: a style sheet, the digits of a picture. */
export function verbatim(html: string): Markup {
  return { html };
}

function written(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return visible(part).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
  return 'html' in part ? part.html : part.map(written).join('');
}
