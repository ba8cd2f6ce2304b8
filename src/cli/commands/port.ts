import { Option } from "commander";
import { GantryError } from "../../lib/diagnostic.ts";
import { hostAddress, portsOf } from "../containers/port-text.ts";
import { runningContainer } from "../containers/select.ts";
import { wholeNumber } from "../option-values.ts";
import { defineVerb } from "../verb.ts";

type PortOptions = { readonly protocol: "tcp" | "udp"; readonly index?: number };

/** `gantry port` */
export const port = defineVerb<PortOptions>({
  name: "port",
  summary: "Show where a port of a service is published",
  declare: (command) =>
    command
      .argument("<service>")
      .argument("<private-port>")
      .addOption(new Option("--protocol <protocol>", "Protocol").choices(["tcp", "udp"]).default("tcp"))
      .option("--index <number>", "Number of the container", wholeNumber),
  run: (session, [service, privatePort], { protocol, index }) => {
    const container = runningContainer(session, service!, index);
    const ports = portsOf(container);
    const found = ports.find((one) => one.containerPort === Number(privatePort) && one.protocol === protocol);
    if (!found && container.record.exposedPorts?.includes(`${privatePort}/${protocol}`)) {
      // What Docker Compose prints for a port that is declared and not published.
      session.stdout.write(":0\n");
      return undefined;
    }
    if (!found) {
      // One port may be published on several addresses of the host.
      const published = [...new Set(ports.map((one) => `${one.containerPort}/${one.protocol}`))].join(", ");
      throw new GantryError(
        "port-not-published",
        `port ${privatePort}/${protocol} of ${container.record.name} is not published`,
        { hint: published ? `Published are: ${published}.` : "The service publishes no ports." },
      );
    }
    session.stdout.write(`${hostAddress(found.hostIp, found.hostPort)}\n`);
    return undefined;
  },
});
