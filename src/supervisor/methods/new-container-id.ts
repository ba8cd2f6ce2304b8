import { randomBytes } from "node:crypto";

/** A container id: 64 hex digits. */
export const newContainerId = () => randomBytes(32).toString("hex");
