import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface FeedbackMetrics {
  /** How likely somebody is to recommend AccuBooks, 0 to 10. */
  scored(score: number): void;
  askedForSupport(): void;
  signedOut(sessionMs: number): void;
}

/** What users tell us, and how long they stay. */
export function createFeedbackMetrics(registry: Registry): FeedbackMetrics {
  const registers = [registry];
  const answers = { promoters: 0, detractors: 0, all: 0 };
  new Gauge({
    name: 'nps_score',
    help: 'Net promoter score, -100 to 100; NaN without answers',
    registers,
    collect() {
      this.set((100 * (answers.promoters - answers.detractors)) / answers.all);
    },
  });
  const tickets = new Counter({ name: 'support_tickets_total', help: 'Support tickets opened', registers });
  const sessions = new Histogram({
    name: 'session_duration_seconds',
    help: 'Time from sign-in to sign-out in seconds',
    buckets: [0.5, 1, 5, 15, 60, 300, 900, 1_800, 3_600],
    registers,
  });
  return {
    scored: (score) => {
      answers.all += 1;
      if (score >= 9) answers.promoters += 1;
      if (score <= 6) answers.detractors += 1;
    },
    askedForSupport: () => tickets.inc(),
    signedOut: (sessionMs) => sessions.observe(sessionMs / 1000),
  };
}
