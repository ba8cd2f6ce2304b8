import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, normalize } from "node:path";

/** A web server on loopback with the files of a directory. */
export class FileServer {
  readonly address: string;
  readonly #server: Server;

  private constructor(address: string, server: Server) {
    this.address = address;
    this.#server = server;
  }

  static async start(directory: string): Promise<FileServer> {
    const server = createServer((request, response) => {
      const path = join(directory, normalize(new URL(request.url!, "http://x").pathname));
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
      response.writeHead(200);
      createReadStream(path).pipe(response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    return new FileServer(`http://127.0.0.1:${port}`, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
