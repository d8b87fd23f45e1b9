import { pictureOf, type Picture } from '../../report/picture.ts';
import { evidenceFolder, type Report, type ReportItem } from '../../report/report.ts';
import type { KeptBytes } from '../../report/reporter.ts';
import { evidenceLink } from './links.ts';
import { markup, verbatim, type Markup } from './markup.ts';

/** The pictures among the evidence, by name: to be shown, or only named where they are too large to be carried. */
export type Album = ReadonlyMap<string, Shown>;

interface Shown extends Picture {
  /** Base64. Absent where the page would become too heavy to be sent. */
  readonly data?: string;
}

const mostBytesEach = 2 * 1024 * 1024;
/** What most mailboxes still take, with a third on top for Base64. */
const mostBytes = 10 * 1024 * 1024;

/** Takes the pictures in the order of the items, until the page is full. */
export function albumOf(report: Report, evidence: KeptBytes): Album {
  const album = new Map<string, Shown>();
  let carried = 0;
  for (const name of report.items.flatMap((item) => item.evidence)) {
    const bytes = album.has(name) ? undefined : evidence(name);
    const picture = bytes && pictureOf(bytes);
    if (bytes === undefined || picture === undefined) continue;
    const fits = bytes.length <= mostBytesEach && carried + bytes.length <= mostBytes;
    if (fits) carried += bytes.length;
    album.set(name, fits ? { ...picture, data: Buffer.from(bytes).toString('base64') } : picture);
  }
  return album;
}

/** What an item rests on: its pictures shown, the rest by links that work beside the folder of the evidence. */
export function evidenceOf({ id, evidence, finishedAt }: ReportItem, album: Album): Markup | false {
  if (evidence.length === 0) return false;
  const pictures = evidence.flatMap((name) => {
    const shown = album.get(name);
    return shown === undefined ? [] : [{ name, ...shown }];
  });
  const figures = pictures.map(({ name, data, type, widthPx, heightPx }, index) => {
    const which = pictures.length === 1 ? 'Screenshot' : `Screenshot ${String(index + 1)} of ${String(pictures.length)}`;
    const caption = markup`<figcaption>${evidenceLink(name, `${which}, ${String(widthPx)} × ${String(heightPx)}`)}</figcaption>`;
    if (data === undefined) return markup`<figure>${caption}<p class="quiet">Too large to stand here.</p></figure>`;
    // Digits of Base64 need no escaping, and there are millions of them.
    return markup`<figure><a href="${evidenceFolder}/${name}"><img src="data:${type};base64,${verbatim(data)}" width="${widthPx}" height="${heightPx}" alt="${which} kept while ${id} was observed, until ${finishedAt}"></a>${caption}</figure>`;
  });
  const others = evidence.filter((name) => !album.has(name));
  const links = others.map((name, index) => markup`<li>${evidenceLink(name, index === 0 ? 'Observation' : 'More')}</li>`);
  return markup`${figures.length > 0 && markup`<div class="figures">${figures}</div>`}<ul class="evidence" aria-label="Evidence">${links}</ul>`;
}
