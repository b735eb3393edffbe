/** Stands in for VS Code's native watchdog: ends the extension host some seconds after its parent is gone. */
const checkEvery = 1000;
const grace = 6000;

exports.start = (parent) => {
  const timer = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      clearInterval(timer);
      setTimeout(() => process.exit(87), grace);
    }
  }, checkEvery);
  timer.unref();
};

exports.exit = (code) => process.exit(code ?? 0);
