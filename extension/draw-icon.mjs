// Draws media/icon.png, the picture in the Marketplace, from media/icon.svg. Needs a Chromium on the PATH.
// `node extension/draw-icon.mjs`
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const media = (name) => fileURLToPath(new URL(`media/${name}`, import.meta.url));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
  await page.setContent(`<body style="margin:0">${await readFile(media('icon.svg'), 'utf8')}</body>`);
  await page.screenshot({ path: media('icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
