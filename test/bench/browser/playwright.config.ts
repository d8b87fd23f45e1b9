const executablePath = process.env['LIVEPROOF_CHROMIUM'];

/** `playwright test` alone has the browser that liveproof has, and keeps what liveproof keeps of a flow that fails. */
export default {
  use: {
    ...(executablePath === undefined ? {} : { launchOptions: { executablePath } }),
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false, sources: false },
    screenshot: 'only-on-failure',
  },
};
