/** What stands in reports and evidence where a secret stood. */
export const redacted = '[redacted]';
