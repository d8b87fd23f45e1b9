/** @import { ForecastMonth } from '../forecast/model.ts' */

const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
const [width, height, left, right, top, bottom] = [640, 240, 92, 8, 16, 28];

/**
 * Cash over time with its likely range, as an SVG image; the same figures stand in a table for those who cannot see it.
 * @param {number} openingCash
 * @param {readonly ForecastMonth[]} months
 * @param {string} lastMonth
 */
export function chart(openingCash, months, lastMonth) {
  const points = [{ month: 0, cash: openingCash, cashLow: openingCash, cashHigh: openingCash }, ...months];
  const low = Math.min(0, ...points.map(({ cashLow }) => cashLow));
  const high = Math.max(...points.map(({ cashHigh }) => cashHigh), 1);
  const x = (/** @type {number} */ month) => left + ((width - left - right) * month) / months.length;
  const y = (/** @type {number} */ cash) => top + ((height - bottom - top) * (high - cash)) / (high - low);
  const at = (/** @type {number} */ month, /** @type {number} */ cash) => `${x(month).toFixed(1)},${y(cash).toFixed(1)}`;
  const upper = points.map(({ month, cashHigh }) => at(month, cashHigh));
  const lower = points.map(({ month, cashLow }) => at(month, cashLow));
  const labels = new Map([0, low, high].map((cash) => [money.format(cash), y(cash)]));

  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `Cash over ${months.length} months with its likely range; the figures are in the table below`);
  svg.innerHTML = `
    ${[...labels].map(([text, level]) => `<text x="${left - 8}" y="${level + 4}" text-anchor="end">${text}</text>`).join('')}
    <line x1="${left}" x2="${width - right}" y1="${y(0)}" y2="${y(0)}" stroke="var(--soft)" stroke-dasharray="3 3" />
    <text x="${left}" y="${height - 4}">today</text>
    <text x="${width - right}" y="${height - 4}" text-anchor="end">${lastMonth}</text>
    <polygon points="${[...upper, ...lower.toReversed()].join(' ')}" fill="var(--band)" />
    <polyline points="${points.map(({ month, cash }) => at(month, cash)).join(' ')}" fill="none" stroke="var(--accent)" stroke-width="2.5" />`;
  return svg;
}
