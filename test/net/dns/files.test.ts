import { describe, expect, it } from "vitest";
import { hostNameservers } from "../../../src/net/dns/host-resolvers.ts";
import { hostsFile, parseResolvConf, resolvConf } from "../../../src/net/index.ts";

const host = parseResolvConf(
  "# made by hand\nnameserver 127.0.0.53\nsearch old\nsearch lan office\noptions edns0 trust-ad ; one\n",
);

describe("parseResolvConf", () => {
  it("reads nameservers, the last search line and options, without comments", () => {
    expect(host).toEqual({
      nameservers: ["127.0.0.53"],
      search: ["lan", "office"],
      options: ["edns0", "trust-ad"],
    });
  });
});

describe("hostNameservers", () => {
  it("means the loopback where none is named, and leaves out link-local ones with a zone", () => {
    expect(hostNameservers("")).toEqual(["127.0.0.1"]);
    expect(hostNameservers("nameserver fe80::1%eth0\nnameserver 9.9.9.9\n")).toEqual(["9.9.9.9"]);
  });
});

describe("resolvConf", () => {
  it("names our server, keeps the host's search list and adds ndots", () => {
    expect(resolvConf({ nameservers: ["10.1.0.1"], host, ours: true })).toBe(
      "nameserver 10.1.0.1\nsearch lan office\noptions edns0 ndots:0\n",
    );
  });

  it("lets dns_search and dns_opt replace the host's", () => {
    const text = resolvConf({
      nameservers: ["10.1.0.1"],
      host,
      dnsSearch: ["."],
      dnsOptions: ["ndots:2"],
      ours: true,
    });
    expect(text).toBe("nameserver 10.1.0.1\noptions ndots:2\n");
  });
});

describe("hostsFile", () => {
  it("has the local names, extra hosts with host-gateway replaced, and the container itself", () => {
    const lines = hostsFile({
      hostname: "web",
      domainname: "lan",
      addresses: ["10.1.0.2"],
      extraHosts: ["host=host-gateway", "six=[fd00::5]"],
      hostAddress: "198.18.0.0",
    }).split("\n");
    expect(lines[0]).toBe("127.0.0.1\tlocalhost");
    expect(lines.slice(-4)).toEqual(["198.18.0.0\thost", "fd00::5\tsix", "10.1.0.2\tweb.lan web", ""]);
  });

  it("gives a container without networks an address of its own name", () => {
    expect(hostsFile({ hostname: "web", addresses: [], hostAddress: "" })).toContain("127.0.1.1\tweb\n");
  });
});
