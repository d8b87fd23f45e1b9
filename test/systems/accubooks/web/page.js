/** @import { User } from '../accounts.ts' */
/** @import { Forecast } from '../forecasts.ts' */
/** @import { Scenario } from '../scenarios.ts' */
/** @import { TrustPanel } from '../trust-layer.ts' */
import { chart } from './chart.js';

const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });

/** @type {readonly Scenario[]} */
let scenarios = [];
let forecastId = '';

/**
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 */
function find(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page lacks ${selector}`);
  return found;
}

const page = {
  signIn: find('#sign-in', HTMLElement),
  work: find('#work', HTMLElement),
  account: find('#account', HTMLElement),
  who: find('#who', HTMLElement),
  tier: find('#tier', HTMLElement),
  upgrade: find('#upgrade', HTMLButtonElement),
  signOut: find('#sign-out', HTMLButtonElement),
  signInForm: find('#sign-in-form', HTMLFormElement),
  forecastForm: find('#forecast-form', HTMLFormElement),
  scenarioForm: find('#scenario-form', HTMLFormElement),
  scenario: find('select[name=scenario]', HTMLSelectElement),
  openingCash: find('input[name=openingCash]', HTMLInputElement),
  pastMonths: find('textarea[name=months]', HTMLTextAreaElement),
  result: find('#result', HTMLElement),
  summary: find('#summary', HTMLElement),
  chart: find('#chart', HTMLElement),
  panel: find('#panel', HTMLElement),
  months: find('#months', HTMLElement),
  status: find('#status', HTMLElement),
  problem: find('#problem', HTMLElement),
};

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function call(method, path, body) {
  const answer = await fetch(`/api${path}`, body === undefined ? { method } : { method, body: JSON.stringify(body) });
  const json = await answer.json();
  if (answer.status === 401) show(undefined);
  if (!answer.ok) throw new Error(json.message);
  return json;
}

/**
 * One thing at a time for each button, and what went wrong is said aloud.
 * @param {HTMLButtonElement | HTMLFormElement} starter
 * @param {() => Promise<string>} start resolves with what to say when it is done
 */
function on(starter, start) {
  const button = starter instanceof HTMLFormElement ? starter.querySelector('button') : starter;
  const run = async () => {
    if (button === null || button.disabled) return;
    button.disabled = true;
    page.problem.textContent = '';
    page.status.textContent = 'Working…';
    try {
      page.status.textContent = await start();
    } catch (error) {
      page.status.textContent = '';
      page.problem.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      button.disabled = false;
    }
  };
  starter.addEventListener(starter instanceof HTMLFormElement ? 'submit' : 'click', (event) => {
    event.preventDefault();
    void run();
  });
}

/** @param {User | undefined} user */
function show(user) {
  page.signIn.hidden = user !== undefined;
  page.work.hidden = page.account.hidden = user === undefined;
  page.result.hidden = true;
  if (user === undefined) return;
  page.who.textContent = `${user.name}, ${user.tenant}`;
  page.tier.textContent = user.tier.toUpperCase();
  const next = { free: 'starter', starter: 'pro', pro: '' }[user.tier];
  page.upgrade.hidden = next === '';
  page.upgrade.textContent = `Upgrade to ${next.toUpperCase()}`;
  page.upgrade.value = next;
}

/** @param {number} [selected] */
async function loadScenarios(selected) {
  ({ scenarios } = await call('GET', '/scenarios'));
  page.scenario.replaceChildren(...scenarios.map(({ id, name }) => new Option(name, String(id), false, id === selected)));
  fillOpeningCash();
}

function fillOpeningCash() {
  const scenario = scenarios.find(({ id }) => String(id) === page.scenario.value);
  page.openingCash.value = String(scenario?.openingCash ?? '');
}

/** @param {number} ahead */
function monthName(ahead) {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth() + ahead).toLocaleDateString('en-IE', { month: 'short', year: 'numeric' });
}

/**
 * @param {string} name
 * @param {string} text
 */
function element(name, text, marked = false) {
  const made = document.createElement(name);
  made.textContent = text;
  made.classList.toggle('negative', marked);
  return made;
}

/** @param {Forecast} forecast */
function showForecast({ id, scenario, input, result }) {
  const last = result?.months.at(-1);
  if (result === undefined || last === undefined) throw new Error('The forecast could not be calculated.');
  forecastId = id;
  const end = monthName(last.month);
  page.summary.textContent = `${scenario}: ${money.format(input.openingCash)} today becomes about ${money.format(last.cash)} by ${end}.`;
  page.chart.replaceChildren(chart(input.openingCash, result.months, end));
  page.months.replaceChildren(
    ...result.months.map(({ month, net, cash, cashLow, cashHigh }) => {
      const row = document.createElement('tr');
      row.append(
        element('td', monthName(month)),
        element('td', money.format(net), net < 0),
        element('td', money.format(cash), cash < 0),
        element('td', `${money.format(cashLow)} to ${money.format(cashHigh)}`, cashLow < 0),
      );
      return row;
    }),
  );
  page.panel.hidden = true;
  page.result.hidden = false;
}

on(page.signInForm, async () => {
  /** @type {{ user: User }} */
  const { user } = await call('POST', '/sign-in', Object.fromEntries(new FormData(page.signInForm)));
  page.signInForm.reset();
  show(user);
  await loadScenarios();
  return '';
});

on(page.signOut, async () => {
  await call('POST', '/sign-out');
  show(undefined);
  return 'You are signed out';
});

on(page.upgrade, async () => {
  /** @type {{ user: User }} */
  const { user } = await call('POST', '/upgrade', { to: page.upgrade.value });
  show(user);
  return `You are on ${user.tier.toUpperCase()} now`;
});

on(page.forecastForm, async () => {
  const data = new FormData(page.forecastForm);
  /** @type {{ forecast: Forecast }} */
  let { forecast } = await call('POST', '/forecasts', {
    scenarioId: Number(data.get('scenario')),
    openingCash: Number(data.get('openingCash')),
    horizonMonths: Number(data.get('horizonMonths')),
  });
  while (forecast.status === 'queued') ({ forecast } = await call('GET', `/forecasts/${forecast.id}?wait=10s`));
  showForecast(forecast);
  return 'Forecast ready';
});

on(page.scenarioForm, async () => {
  const data = new FormData(page.scenarioForm);
  const monthlyNet = page.pastMonths.value
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  /** @type {{ scenario: Scenario }} */
  const { scenario } = await call('POST', '/scenarios', { name: data.get('name'), openingCash: Number(data.get('cash')), monthlyNet });
  page.scenarioForm.reset();
  await loadScenarios(scenario.id);
  return `Scenario “${scenario.name}” saved`;
});

page.scenario.addEventListener('change', fillOpeningCash);

for (const button of document.querySelectorAll('button[data-panel]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  on(button, async () => {
    /** @type {{ panel: TrustPanel }} */
    const { panel } = await call('GET', `/forecasts/${forecastId}/${button.dataset['panel'] ?? ''}`);
    page.panel.replaceChildren(element('h3', panel.title), ...panel.lines.map((text) => element('p', text)));
    page.panel.hidden = false;
    return '';
  });
}

/** @type {{ user: User | null }} */
const session = await call('GET', '/session');
show(session.user ?? undefined);
if (session.user !== null) await loadScenarios();
