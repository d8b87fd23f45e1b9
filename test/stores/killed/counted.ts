/** The beginning of an hour. */
export const startMs = Date.UTC(2026, 1, 1);
