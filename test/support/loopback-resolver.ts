import { createSocket } from "node:dgram";
import * as packet from "dns-packet";

/**
 * A name server as systemd-resolved is one: on 127.0.0.53 only. It answers every question for an IPv4 address with
 * 203.0.113.7. Started as a process of its own, in another network namespace.
 */
const socket = createSocket("udp4");
socket.on("message", (message, from) => {
  const { id, questions = [] } = packet.decode(message);
  const answers = questions
    .filter(({ type }) => type === "A")
    .map(({ name }) => ({ type: "A" as const, name, ttl: 60, data: "203.0.113.7" }));
  socket.send(packet.encode({ type: "response", id, questions, answers }), from.port, from.address);
});
socket.bind(53, "127.0.0.53", () => process.stdout.write("listening\n"));
