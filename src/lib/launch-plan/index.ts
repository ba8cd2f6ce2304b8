export { encodeOp, encodePlan, encodePlanHeader, STREAM_COUNT } from "./encode.ts";
export type * from "./ops.generated.ts";
export { OPS, PLAN_VERSION } from "./ops.generated.ts";
