import { Cron } from 'croner';

/** Why a cron expression (five fields, or six with seconds) names no times; undefined when it does. */
export function cronTrouble(expression: string): string | undefined {
  try {
    const next = new Cron(expression, { paused: true, mode: '5-or-6-parts' }).nextRun();
    return next === null ? 'it never comes' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Cron\w*: /, '') : String(error);
  }
}

/** Whether the IANA database knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
