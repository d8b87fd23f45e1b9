/** How `liveproof check` can write its results. */
export const checkReporters = ['pretty', 'json', 'junit', 'ctrf', 'github'] as const;
export type CheckReporter = (typeof checkReporters)[number];
