// The C half of generate-plan.mjs.
export const renderPlanHeader = () => "";
export const renderPlanSource = () => "";
