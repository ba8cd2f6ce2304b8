import fc from "fast-check";

/**
 * Property tests see the same inputs in every run, so that a run on a clean clone says something about the change and
 * not about luck. GANTRY_SEED=N gives them others; `npm run fuzz:compose` is for finding new ones.
 */
fc.configureGlobal({ seed: Number(process.env["GANTRY_SEED"] ?? 20_261_124) });
