export { encodeOp, encodePlan, encodePlanHeader, STREAM_COUNT } from "./encode.ts";
export type * from "./ops.generated.ts";
export { OPS } from "./ops.generated.ts";
