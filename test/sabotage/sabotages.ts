import type { StackSabotage } from '../sandbox/accubooks-stack.ts';

/** Ways to spoil the files of the monitoring. A text that is not found is an error: it would prove nothing. */
export const rules = (from: string | RegExp, to: string): StackSabotage => ({ rules: (text) => text.replace(from, to) });
export const prometheus = (from: string | RegExp, to: string): StackSabotage => ({ prometheusConfig: (text) => text.replace(from, to) });
export const alertmanager = (from: string | RegExp, to: string): StackSabotage => ({
  alertmanagerConfig: (text) => text.replace(from, to),
});
