/** Milliseconds that `work` takes. */
export function measure(work) {
  const started = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** One line a row: the median of each contestant, the budget, and how often gantry fits into the others. */
export function printTable(rows, names) {
  const head = ["", ...names, "budget", names.length > 1 ? "ratio" : ""];
  const lines = rows.map(({ name, budget, unit, values }) => {
    const medians = values.map(median);
    const ratio = medians.length > 1 ? `${(medians[1] / medians[0]).toFixed(1)}×` : "";
    const cells = names.map((_, index) =>
      medians[index] === undefined ? "" : `${round(medians[index])} ${unit}`,
    );
    return [name, ...cells, budget === undefined ? "" : `${budget} ${unit}`, ratio];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column].length)));
  for (const line of [head, ...lines]) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join("  "),
    );
  }
}

const round = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
