// In front of the bundle: modules of Node that many commands do without are loaded when something of them is first
// used. Loaded at once they would all be part of the start-up snapshot, and cost every command some 5 ms.
const loadModule = require;
const LAZY =
  /^(node:)?(child_process|crypto|dgram|fs\/promises|https?|net|readline(\/promises)?|stream(\/\w+)?|timers\/promises|tls|tty|zlib)$/;

// biome-ignore lint/suspicious/noGlobalAssign: the bundle's own `require`, a parameter of the module
require = (name) => {
  if (!LAZY.test(name)) return loadModule(name);
  const standIn = new Proxy(
    {},
    {
      get: (_target, key) => loadModule(name)[key],
      has: (_target, key) => key in loadModule(name),
      // esbuild copies a module's own keys and keeps its prototype: with no keys, and itself as the prototype, a copy
      // asks here too.
      ownKeys: () => [],
      getPrototypeOf: () => standIn,
    },
  );
  return standIn;
};
