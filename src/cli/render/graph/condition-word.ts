import type { DependsOnCondition } from "../../../compose/index.ts";

const WORDS: Readonly<Record<DependsOnCondition, string>> = {
  service_started: "is started",
  service_healthy: "is healthy",
  service_completed_successfully: "has completed",
};

/** What a dependency waits for, as the end of a sentence. */
export const conditionWord = (condition: DependsOnCondition): string => WORDS[condition];

/** The same as a label on an edge. */
export const conditionLabel = (condition: DependsOnCondition): string => condition.replace("service_", "");
