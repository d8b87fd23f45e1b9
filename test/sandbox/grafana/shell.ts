/** The page that Grafana sends for every address: all else is done by its script. */
export function shell(title: string, boot: object): string {
  const json = JSON.stringify(boot).replaceAll('<', String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">
<style>
body { margin: 0; font: 14px system-ui; background: #f4f5f5 }
#reactRoot { position: relative }
section { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #ddd; overflow: hidden }
section h2 { font-size: 14px; margin: 4px 8px }
button[aria-expanded] { position: absolute; border: 0; background: none; font-weight: bold }
.row { display: flex }
</style></head>
<body><div id="reactRoot"></div>
<script>window.grafanaBootData = ${json}</script>
<script type="module" src="/public/build/page.js"></script>
</body></html>`;
}

export const loginPage = `<!doctype html><html lang="en"><head><title>Grafana</title></head>
<body><form aria-label="Login form" method="post"><input name="user" data-testid="data-testid Username input field"><input name="password" type="password" data-testid="data-testid Password input field"><button data-testid="data-testid Login button">Log in</button></form></body></html>`;
