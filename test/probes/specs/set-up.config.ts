/** With a set-up before everything, which only Playwright's own command knows to do. */
export default { globalSetup: './set-up.ts' };
