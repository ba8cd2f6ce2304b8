// In front of the bundle: modules that many commands do without are loaded when something of them is first used. Loaded
// at once they would all be part of the start-up snapshot, and cost every command some 5 ms.
const loadModule = require;
const LAZY =
  /^(node:)?(child_process|crypto|dgram|fs\/promises|https?|net|readline(\/promises)?|stream(\/\w+)?|timers\/promises|tls|tty|zlib)$/;

/** Stands in for a module: loads it when something of it is asked for. scripts/lazy-modules.mjs puts it into the bundle. */
globalThis.gantryStandIn = (load) => {
  const standIn = new Proxy(
    {},
    {
      get: (_target, key) => load()[key],
      has: (_target, key) => key in load(),
      // esbuild copies a module's own keys and keeps its prototype: with no keys, and itself as the prototype, a copy
      // asks here too.
      ownKeys: () => [],
      getPrototypeOf: () => standIn,
    },
  );
  return standIn;
};

// biome-ignore lint/suspicious/noGlobalAssign: the bundle's own `require`, a parameter of the module
require = (name) => (LAZY.test(name) ? globalThis.gantryStandIn(() => loadModule(name)) : loadModule(name));
