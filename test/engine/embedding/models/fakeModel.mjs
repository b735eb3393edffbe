/** Speaks like the process of a model: [characters, 1] for a text; some texts make it fail, and some make it die. */
process.on('disconnect', () => process.exit());
process.on('message', ({ kind, media }) => {
  if (kind === 'open') return process.send({ kind: 'opened', isShared: false });
  const texts = media.map(({ text }) => text);
  if (texts.some((text) => text.includes('die'))) return process.kill(process.pid, 'SIGKILL');
  if (texts.some((text) => text.includes('fail')))
    return process.send({ kind: 'unusable', sentence: 'wants other words' });
  const vectors = Float32Array.from(texts.flatMap((text) => [text === 'nothing' ? NaN : text.length, 1]));
  return process.send({ kind: 'vectors', dimensions: 2, vectors });
});
