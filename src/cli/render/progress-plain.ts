import type { Output } from "../streams/output.ts";
import type { ProgressView } from "./progress.ts";
import { capitalised } from "./status-words.ts";

/** One line per event, as Docker Compose's plain progress: " Container shop-web-1  Started". */
export function plainProgress(output: Output): ProgressView {
  return {
    show: ({ kind, name, status, detail }) => {
      const words = ` ${capitalised(kind)} ${name}  ${capitalised(status)}`;
      output.write(detail ? `${words}  ${detail}\n` : `${words}\n`);
    },
    end: async () => undefined,
  };
}
