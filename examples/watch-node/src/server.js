import { createServer } from "node:http";
import { greeting } from "./greeting.js";

createServer((_request, response) => {
  response.end(`${greeting}\n`);
}).listen(3000, () => console.log(`serving: ${greeting}`));
