import uPlot from './uPlot.esm.js';

const main = document.querySelector('main');
const refreshed = document.querySelector('.refreshed');
const refreshMs = Number(main.dataset.refreshMs);
const panels = [...document.querySelectorAll('[data-panel]')].map((element) => ({
  element,
  content: element.querySelector('.content'),
  spec: JSON.parse(element.dataset.spec),
  chart: undefined,
}));
// Longer than the server asks Prometheus for; an answer that never comes must not leave old values standing until the next refresh.
const answerWithinMs = 12_000;
const fewPoints = 20;
const colours = ['#3b7dd8', '#d9822b', '#3f9142', '#a855b5', '#c2410c', '#0e7490'];

const thousands = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
// Things that are counted are not rounded: 1,234 users are not 1,230.
const whole = new Intl.NumberFormat('en');
const scaled = (value, steps) => {
  const [size, unit] = steps.findLast(([at]) => Math.abs(value) >= at) ?? steps[0];
  return `${thousands.format(value / size)} ${unit}`;
};
const binary = [
  [1, 'B'],
  [1024, 'KiB'],
  [1024 ** 2, 'MiB'],
  [1024 ** 3, 'GiB'],
];
const formats = {
  none: (value) => thousands.format(value),
  count: (value) => whole.format(Math.round(value)),
  percent: (value) => `${thousands.format(value)} %`,
  ratio: (value) => `${thousands.format(100 * value)} %`,
  milliseconds: (value) => `${thousands.format(value)} ms`,
  seconds: (value) => (value < 1 ? `${thousands.format(1000 * value)} ms` : `${thousands.format(value)} s`),
  bytes: (value) => scaled(value, binary),
  'per-second': (value) => `${thousands.format(value)} /s`,
  'bytes-per-second': (value) => `${scaled(value, binary)}/s`,
};

/** Text goes in as text, never as HTML: labels come from outside. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function colourOf(value, { warning, critical }) {
  if (critical !== undefined && value >= critical) return 'critical';
  return warning !== undefined && value >= warning ? 'warning' : 'good';
}

function legendOf({ legend }, labels) {
  if (legend !== undefined) return legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => labels[label] ?? '');
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function valueElement(name, value, unit) {
  return make('span', { 'data-series': name, 'data-value': String(value) }, formats[unit](value));
}

const show = {
  status: (panel, series) => {
    const { value } = series[0];
    const words = { good: 'All systems normal', warning: 'Degraded', critical: 'Critical' };
    const colour = colourOf(value, panel.spec);
    panel.content.replaceChildren(
      make('p', { class: `value ${colour}` }, make('span', { 'data-series': 'status', 'data-value': String(value) }, words[colour])),
    );
  },
  stat: (panel, series) => {
    const values = series.map(({ name, value }) =>
      make('p', { class: `value ${colourOf(value, panel.spec)}` }, valueElement(name, value, panel.spec.unit)),
    );
    panel.content.replaceChildren(...values);
  },
  bars: (panel, series) => {
    const most = Math.max(...series.map(({ value }) => value), 1e-9);
    const rows = series.map(({ name, value }) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, name),
        make('td', { class: 'bar' }, make('meter', { min: '0', max: String(most), value: String(value) })),
        make('td', {}, valueElement(name, value, panel.spec.unit)),
      ),
    );
    panel.content.replaceChildren(make('table', {}, make('tbody', {}, ...rows)));
  },
  pie: (panel, series) => {
    const whole = series.reduce((sum, { value }) => sum + value, 0);
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '-1 -1 2 2');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', series.map(({ name, value }) => `${name} ${value}`).join(', '));
    let turned = 0;
    series.forEach(({ value }, index) => {
      const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
      const share = whole === 0 ? 0 : value / whole;
      const attributes = {
        r: '0.7',
        fill: 'none',
        stroke: colours[index % colours.length],
        'stroke-width': '0.5',
        pathLength: '100',
        'stroke-dasharray': `${100 * share} ${100 - 100 * share}`,
        'stroke-dashoffset': String(25 - 100 * turned),
      };
      for (const [name, set] of Object.entries(attributes)) circle.setAttribute(name, set);
      svg.append(circle);
      turned += share;
    });
    const list = series.map(({ name, value }, index) =>
      make('li', { class: `colour-${index % colours.length}` }, `${name} `, valueElement(name, value, panel.spec.unit)),
    );
    panel.content.replaceChildren(make('div', { class: 'shares' }, svg, make('ul', {}, ...list)));
  },
  lines: (panel, series) => {
    const times = [...new Set(series.flatMap(({ times: own }) => own))].toSorted((a, b) => a - b);
    const columns = series.map(({ times: own, values }) => {
      const at = new Map(own.map((time, index) => [time, values[index]]));
      return times.map((time) => at.get(time) ?? null);
    });
    const format = formats[panel.spec.unit];
    const chart = make('div', { class: 'chart', role: 'img', 'aria-label': `Lines of ${series.map(({ name }) => name).join(', ')}` });
    const legend = series.map(({ name, value }, index) =>
      make(
        'li',
        { class: `colour-${index % colours.length}` },
        `${name} `,
        value === undefined ? 'no data' : valueElement(name, value, panel.spec.unit),
      ),
    );
    panel.content.replaceChildren(chart, make('ul', { class: 'legend' }, ...legend));
    const axis = {
      stroke: getComputedStyle(document.body).getPropertyValue('--quiet'),
      grid: { show: false, stroke: getComputedStyle(document.body).getPropertyValue('--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
      size: 56,
    };
    panel.chart = new uPlot(
      {
        width: Math.max(120, panel.content.clientWidth),
        height: 120,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { range: [(Date.now() - panel.spec.over) / 1000, Date.now() / 1000] } },
        axes: [
          {
            ...axis,
            size: 24,
            values: (_, ticks) =>
              ticks.map((at) => new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })),
          },
          { ...axis, size: 72, grid: { ...axis.grid, show: true }, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          ...series.map((_, index) => {
            const colour = colours[index % colours.length];
            // A line of one point is no line: a system that has just started would seem to have no data.
            return { stroke: colour, width: 1.5, points: { show: times.length < fewPoints, size: 5, fill: colour } };
          }),
        ],
      },
      [times.map((time) => time / 1000), ...columns],
      chart,
    );
  },
};

function tell(panel, state, children, at) {
  if (state !== 'ok') letGoOfChart(panel);
  panel.element.dataset.state = state;
  if (children !== undefined) panel.content.replaceChildren(...children);
  panel.element.dataset.updatedAt = at;
}

/** A chart listens to its window until it is told to stop; a board on a wall is redrawn thousands of times a day. */
function letGoOfChart(panel) {
  panel.chart?.destroy();
  panel.chart = undefined;
}

function fail(panel, says, at) {
  // An old value must not pass for a new one.
  tell(panel, 'error', [make('p', { 'data-error': '', role: 'alert' }, says)], at);
}

function draw(panel, results, at) {
  const { queries } = panel.spec;
  const wrong = queries
    .map(({ refId }) => results[refId]?.error ?? (results[refId] === undefined ? 'no answer' : undefined))
    .find((error) => error !== undefined);
  if (wrong !== undefined) return fail(panel, wrong, at);
  const series = queries.flatMap((query) =>
    results[query.refId].frames.map(({ schema, data }) => {
      const [times, texts] = data.values;
      const values = texts.map(Number);
      const newest = values.findLastIndex((value) => !Number.isNaN(value));
      // What a series said before it ended is drawn as its past, and is no value of now.
      const isOfNow = newest >= 0 && times[newest] >= (schema.meta?.custom?.nowFromMs ?? 0);
      return {
        name: legendOf(query, schema.fields[1].labels ?? {}) || 'value',
        times,
        values: values.map((value) => (Number.isNaN(value) ? null : value)),
        newestMs: newest < 0 ? undefined : times[newest],
        value: isOfNow ? values[newest] : undefined,
      };
    }),
  );
  const known = series.filter(({ newestMs }) => newestMs !== undefined);
  if (known.every(({ value }) => value === undefined)) {
    const since = known.length === 0 ? '' : ` since ${new Date(Math.max(...known.map(({ newestMs }) => newestMs))).toLocaleTimeString()}`;
    return tell(panel, 'empty', [make('p', { class: 'none' }, `No data${since}`)], at);
  }
  letGoOfChart(panel);
  show[panel.spec.show](panel, panel.spec.isRange ? known : known.filter(({ value }) => value !== undefined));
  tell(panel, 'ok', undefined, at);
}

function drawAlerts(panel, alerts, at) {
  const rows = alerts
    .slice(0, panel.spec.last ?? 20)
    .map(({ name, state, severity, at: when, summary }) =>
      make(
        'tr',
        {},
        make('td', { class: state === 'resolved' ? 'none' : severity === 'critical' ? 'critical' : 'warning' }, state),
        make('th', { scope: 'row', 'data-series': name, 'data-value': state }, name),
        make('td', {}, summary),
        make('td', {}, new Date(when).toLocaleTimeString()),
      ),
    );
  const none = make('p', { class: 'none', 'data-series': 'alerts', 'data-value': '0' }, 'No alerts');
  tell(panel, 'ok', rows.length === 0 ? [none] : [make('table', {}, make('tbody', {}, ...rows))], at);
}

async function ask(url, body) {
  const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(answerWithinMs) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.message ?? `HTTP ${answer.status}`);
  return json;
}

async function refresh() {
  const asked = panels.filter(({ spec }) => spec.queries.length > 0);
  const listing = panels.filter(({ spec }) => spec.show === 'alerts');
  const queries = asked.flatMap(({ spec }) =>
    spec.queries.map(({ refId, expr }) => ({
      refId,
      expr,
      datasource: { uid: 'prometheus' },
      instant: !spec.isRange,
      range: spec.isRange,
      maxDataPoints: 120,
    })),
  );
  const at = () => new Date().toISOString();
  const data = ask('/api/ds/query', { from: 'now-1h', to: 'now', queries }).then(
    ({ results }) => asked.forEach((panel) => draw(panel, results, at())),
    (error) => asked.forEach((panel) => fail(panel, `The server gives no data: ${error.message}`, at())),
  );
  const alerts =
    listing.length === 0
      ? undefined
      : ask('/api/alerts').then(
          ({ alerts: all }) => listing.forEach((panel) => drawAlerts(panel, all, at())),
          (error) => listing.forEach((panel) => fail(panel, `The server tells no alerts: ${error.message}`, at())),
        );
  await Promise.all([data, alerts]);
  const wrong = panels.filter(({ element }) => element.dataset.state === 'error').length;
  refreshed.textContent = `${wrong === 0 ? 'Refreshed' : `${wrong} panels without data`} at ${new Date().toLocaleTimeString()}, every ${refreshMs < 60_000 ? `${refreshMs / 1000} s` : `${refreshMs / 60_000} min`}`;
  refreshed.classList.toggle('critical', wrong > 0);
}

const resized = new ResizeObserver(() => {
  for (const { chart, content } of panels) chart?.setSize({ width: Math.max(120, content.clientWidth), height: chart.height });
});
for (const { content, spec } of panels) if (spec.isRange) resized.observe(content);

for (;;) {
  const startedMs = performance.now();
  await refresh();
  await new Promise((resolve) => setTimeout(resolve, Math.max(250, refreshMs - (performance.now() - startedMs))));
}
