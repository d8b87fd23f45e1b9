import type { Reporter } from '../report/reporter.ts';
import html from './html.ts';
import json from './json.ts';
import junit from './junit.ts';
import markdown from './markdown.ts';

/** Every way to write a report down. */
export const reporters: readonly Reporter[] = [json, html, markdown, junit];
