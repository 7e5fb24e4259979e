// Starts the look at a portfolio's pages: Vite translates its TypeScript, because Node 20 does not.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

await runnerImport(fileURLToPath(new URL('./portfolio.ts', import.meta.url)), { configFile: false });
