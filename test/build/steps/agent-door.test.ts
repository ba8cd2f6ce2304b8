import { expect, it } from "vitest";
import { Requests } from "../../../src/build/steps/agent-door.ts";

/** A request of an agent's protocol. */
const request = (type: number, content = "") => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + content.length);
  head[4] = type;
  return Buffer.concat([head, Buffer.from(content)]);
};
const [LIST, SIGN, REMOVE_ALL, ADD, UNKNOWN] = [11, 13, 19, 17, 255];

it("lets a program list keys and ask for signatures, and nothing else", () => {
  const requests = new Requests();
  const asked = Buffer.concat([
    request(LIST),
    request(REMOVE_ALL),
    request(SIGN, "data"),
    request(ADD, "key"),
  ]);
  const passed = Buffer.concat([request(LIST), request(UNKNOWN), request(SIGN, "data"), request(UNKNOWN)]);
  expect(requests.take(asked)).toEqual(passed);
});

it("takes requests in pieces", () => {
  const requests = new Requests();
  const sign = request(SIGN, "some data to sign");
  const pieces = [...sign].map((byte) => requests.take(Buffer.from([byte]))!);
  expect(Buffer.concat(pieces)).toEqual(sign);
});

it("hangs up on what is not an agent's protocol", () => {
  expect(new Requests().take(Buffer.from("GET / HTTP/1.1\r\n"))).toBeUndefined();
  expect(new Requests().take(Buffer.from([0, 0, 0, 0, 0]))).toBeUndefined();
});
