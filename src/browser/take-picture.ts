import type { Page, PageScreenshotOptions } from 'playwright';

/** A JPEG: a PDF takes it as it is, where each PNG has to be packed anew, and letters stay sharp at this quality. */
const form = { type: 'jpeg', quality: 85 } as const;

/** Takes a picture of a page for the evidence. Rejects as Playwright does. */
export function takePicture(page: Page, options: Pick<PageScreenshotOptions, 'fullPage' | 'timeout'> = {}): Promise<Buffer> {
  return page.screenshot({ ...form, ...options });
}
