import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');

/** A fenced block of a page, in the order of the page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

export async function blocksOf(page: string): Promise<readonly Block[]> {
  const markdown = await readFile(path.join(root, page), 'utf8');
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));
}
