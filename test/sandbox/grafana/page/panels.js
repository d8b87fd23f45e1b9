/** @import { Frame } from '../query.ts' */
/** @import { Panel } from '../model.ts' */
import { format } from './format.js';

/** @typedef {{ name: string, value: number }} Shown */

/** @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node | string)} children */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {readonly Frame[]} frames @returns {Shown[]} */
function lastValues(frames) {
  return frames.flatMap(({ schema, data }) =>
    schema.fields.flatMap((field, index) => {
      if (field['type'] !== 'number') return [];
      const value = data.values[index]?.findLast((each) => each !== null);
      if (typeof value !== 'number') return [];
      const labels = /** @type {Record<string, string>} */ (field['labels'] ?? {});
      const config = /** @type {{ displayNameFromDS?: string }} */ (field['config'] ?? {});
      const named = Object.values(labels).join(' ') || String(field['name']);
      return [{ name: config.displayNameFromDS ?? named, value }];
    }),
  );
}

/** A value with its unit, in elements of their own. @param {number} value @param {Panel} panel */
function valueOf(value, { fieldConfig }) {
  const { unit = 'none', mappings = [] } = fieldConfig?.defaults ?? {};
  const options = /** @type {{ options?: Record<string, { text?: string }> }[]} */ (mappings).find(
    ({ options: own }) => own?.[String(value)],
  )?.options;
  const mapped = options?.[String(value)]?.text;
  if (mapped !== undefined) return make('div', { class: 'row' }, make('span', {}, mapped));
  const { text, suffix } = format(value, unit);
  return make('div', { class: 'row' }, make('span', {}, text), ...(suffix === '' ? [] : [make('span', {}, suffix)]));
}

const noData = () => make('div', { 'data-testid': 'data-testid Panel data error message' }, 'No data');

/** @param {Panel} panel @param {readonly Frame[]} frames @returns {Node[]} */
export function draw(panel, frames) {
  const shown = lastValues(frames);
  if (shown.length === 0) return [noData()];
  if (panel.type === 'stat' || panel.type === 'gauge') {
    return shown.map(({ name, value }) => make('div', {}, ...(shown.length > 1 ? [make('span', {}, name)] : []), valueOf(value, panel)));
  }
  if (panel.type === 'bargauge') {
    return shown.map(({ name, value }) =>
      make(
        'div',
        { class: 'row' },
        make('div', {}, name),
        make('div', { 'data-testid': 'data-testid Bar gauge value' }, valueOf(value, panel)),
      ),
    );
  }
  if (panel.type === 'timeseries' || panel.type === 'piechart') {
    const legend = shown.map(({ name }) => make('li', { 'data-testid': `data-testid VizLegend series ${name}` }, make('button', {}, name)));
    return [make('div', { class: panel.type === 'timeseries' ? 'uplot' : 'pie' }, make('canvas')), make('ul', {}, ...legend)];
  }
  throw new Error(`Panel plugin not found: ${panel.type}`);
}

/** @param {{ data: { groups: { rules: { name: string, alerts?: unknown[] }[] }[] } }} rules @returns {Node[]} */
export function drawAlerts({ data }) {
  const firing = data.groups.flatMap(({ rules }) => rules).filter(({ alerts = [] }) => alerts.length > 0);
  if (firing.length === 0) return [make('div', {}, 'No alerts matching filters')];
  return [make('ol', {}, ...firing.map(({ name }) => make('li', {}, name)))];
}
