import { createServer } from "node:http";
import { format } from "../../packages/money/format.js";

createServer((_request, response) => {
  response.end(`To pay: ${format(129900)}\n`);
}).listen(3000);
