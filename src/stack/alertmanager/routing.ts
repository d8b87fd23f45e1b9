import { formatMatcher, satisfiesAll } from '../label-matcher.ts';
import type { Labels } from '../prometheus.ts';
import type { AlertmanagerConfig, InhibitRule, Route } from './config.ts';

/** The branches at which an alert leaves the routing tree: one for each receiver that is notified. Source: alertmanager/dispatch/route.go. */
export function routesOf(route: Route, labels: Labels): readonly Route[] {
  if (!satisfiesAll(labels, route.matchers)) return [];
  const taken: Route[] = [];
  for (const branch of route.routes) {
    const found = routesOf(branch, labels);
    taken.push(...found);
    if (found.length > 0 && !branch.continues) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** The labels that some branch looks at. */
export function labelsRoutedBy(route: Route): ReadonlySet<string> {
  return new Set([...route.matchers.map(({ label }) => label), ...route.routes.flatMap((branch) => [...labelsRoutedBy(branch)])]);
}

/** The inhibit rules by which an alert with these labels would hold back others. */
export function inhibitRulesFrom(config: AlertmanagerConfig, labels: Labels): readonly InhibitRule[] {
  return config.inhibitRules.filter(({ source }) => satisfiesAll(labels, source));
}

/** The inhibit rule by which `source` holds back `target`. */
export function inhibitRuleBetween(config: AlertmanagerConfig, source: Labels, target: Labels): InhibitRule | undefined {
  return inhibitRulesFrom(config, source).find(
    (rule) => satisfiesAll(target, rule.target) && rule.equal.every((label) => (source[label] ?? '') === (target[label] ?? '')),
  );
}

/** `inhibit rule 2 (severity="critical" holds back severity="warning" with equal cluster)` */
export function formatInhibitRule({ position, source, target, equal }: InhibitRule): string {
  const side = (matchers: InhibitRule['source']): string => matchers.map(formatMatcher).join(', ') || 'every alert';
  const same = equal.length === 0 ? '' : ` with equal ${equal.join(', ')}`;
  return `inhibit rule ${String(position)} (${side(source)} holds back ${side(target)}${same})`;
}
