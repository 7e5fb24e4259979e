// Svelte: runes only; components' styles go into CSS files.
export default { compilerOptions: { runes: true } };
