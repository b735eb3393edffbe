import { defineConfig } from 'vitest/config';

// Inlined, so that Vite resolves the ES modules and the gradients register in the one and only engine.
const tensorflow = { server: { deps: { inline: [/@tensorflow/] } } };

export default defineConfig({
  resolve: { mainFields: ['module', 'main'] },
  test: {
    projects: [
      { extends: true, test: { ...tensorflow, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          ...tensorflow,
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
