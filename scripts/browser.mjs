/** The Chromium that opens VS Code: Debian's own, so that no browser is downloaded. */
import { existsSync } from 'node:fs';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @type {string | undefined} */
export const browserPath = process.env.PAIRLAB_CHROMIUM ?? candidates.find((path) => existsSync(path));

/** No sandbox: continuous integration runs as root. */
export const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
