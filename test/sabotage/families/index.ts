import type { Family } from '../row.ts';
import { boards } from './boards.ts';
import { channels } from './channels.ts';
import { configuration } from './configuration.ts';
import { counting } from './counting.ts';
import { keeping } from './keeping.ts';
import { metrics } from './metrics.ts';
import { routing } from './routing.ts';
import { redundancy } from './redundancy.ts';
import { criticalRules, highRules, warningRules } from './rules.ts';
import { scraping } from './scraping.ts';
import { watchdog } from './watchdog.ts';

/** Every sabotage, by the part of the stack that it spoils. */
export const families: readonly Family[] = [
  criticalRules,
  highRules,
  channels,
  routing,
  warningRules,
  redundancy,
  metrics,
  boards,
  counting,
  configuration,
  scraping,
  keeping,
  watchdog,
];
