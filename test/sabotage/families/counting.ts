import type { Family } from '../row.ts';

export const counting: Family = {
  name: 'counting',
  items: ['health', 'sign-in-and-forecast', 'forecasts-counted'],
  rows: [
    {
      says: 'a forecast is not counted',
      sabotage: { app: { freezeMetric: 'forecasts_generated_total' } },
      red: { 'forecasts-counted': 'disproven' },
      because: /not move|did not|0.*2/,
    },
    {
      says: 'the counter of forecasts is missing',
      sabotage: { app: { hideMetric: 'forecasts_generated_total' } },
      red: { 'forecasts-counted': 'disproven' },
      because: /forecasts_generated_total/,
    },
    {
      says: 'a forecast is counted twice',
      sabotage: { app: { countTwice: 'forecasts_generated_total' } },
      red: { 'forecasts-counted': 'disproven' },
      because: /moved by 4|4.*2/,
    },
    {
      says: 'the application says that it is unhealthy',
      sabotage: { app: { healthBroken: true } },
      red: { health: 'disproven' },
      because: /503/,
    },
    {
      says: 'no forecast succeeds',
      sabotage: { app: { forecastBroken: true } },
      red: { 'sign-in-and-forecast': 'disproven' },
      because: /make a forecast/,
    },
    {
      says: 'somebody else’s password is given',
      variables: { ACCUBOOKS_PASSWORD: 'not-the-password' },
      red: { 'sign-in-and-forecast': 'disproven' },
      because: /sign in/,
    },
    {
      says: 'the application cannot be reached',
      act: (stack) => Promise.resolve(stack.appProxy.behave({ kind: 'status', status: 503, path: '/health' })),
      red: { health: 'disproven' },
      because: /503/,
    },
  ],
};
