// How the web application is built: CSS and scripts in files only, so that the strict CSP holds; /api goes to a running server in development.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env.STIPPLE_URL ?? 'http://127.0.0.1:8321';

export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
  server: { proxy: { '/api': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
