import packageDescription from "../../package.json" with { type: "json" };

/** gantry's own version. */
export const GANTRY_VERSION: string = packageDescription.version;
