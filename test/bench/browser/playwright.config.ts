/** The same browser for `playwright test` alone as for liveproof. */
const executablePath = process.env['LIVEPROOF_CHROMIUM'];

export default { use: executablePath === undefined ? {} : { launchOptions: { executablePath } } };
