import { describe, expect, it } from "vitest";
import { applyChanges } from "../../../src/image/archive/changes.ts";
import { splitWords } from "../../../src/image/archive/words.ts";

describe("changes to an imported image's configuration", () => {
  it.each<[string[], object]>([
    [['CMD ["nginx", "-g", "daemon off;"]'], { Cmd: ["nginx", "-g", "daemon off;"] }],
    [["cmd echo $HOME && true"], { Cmd: ["/bin/sh", "-c", "echo $HOME && true"] }],
    [['ENTRYPOINT ["/entry"]'], { Entrypoint: ["/entry"] }],
    [['ENV A=1 B=\'two words\' C="x \\"y\\""'], { Env: ["A=1", "B=two words", 'C=x "y"'] }],
    [["ENV KEY the rest = of it"], { Env: ["KEY=the rest = of it"] }],
    [["ENV A=1", "ENV B=2 A=3"], { Env: ["A=3", "B=2"] }],
    [
      ["EXPOSE 80 53/udp 8000-8002"],
      { ExposedPorts: { "80/tcp": {}, "53/udp": {}, "8000/tcp": {}, "8001/tcp": {}, "8002/tcp": {} } },
    ],
    [["USER app:app"], { User: "app:app" }],
    [["VOLUME /data /logs"], { Volumes: { "/data": {}, "/logs": {} } }],
    [['VOLUME ["/with space"]'], { Volumes: { "/with space": {} } }],
    [["WORKDIR /srv", "WORKDIR app"], { WorkingDir: "/srv/app" }],
    [['LABEL a.b=c "d e"="f g"'], { Labels: { "a.b": "c", "d e": "f g" } }],
    [["STOPSIGNAL SIGQUIT"], { StopSignal: "SIGQUIT" }],
    [["HEALTHCHECK NONE"], { Healthcheck: { Test: ["NONE"] } }],
    [
      ["HEALTHCHECK --interval=5s --timeout=500ms --start-period=1m30s --retries=3 CMD pg_isready -q"],
      {
        Healthcheck: {
          Test: ["CMD-SHELL", "pg_isready -q"],
          Interval: 5e9,
          Timeout: 5e8,
          StartPeriod: 9e10,
          Retries: 3,
        },
      },
    ],
    [['HEALTHCHECK CMD ["pg_isready"]'], { Healthcheck: { Test: ["CMD", "pg_isready"] } }],
    [[], {}],
  ])("%j", (changes, expected) => {
    expect(applyChanges(changes)).toEqual(expected);
  });

  it.each([
    ["RUN make", "RUN cannot be changed"],
    ["", "nothing cannot be changed"],
    ["CMD", "needs an argument"],
    ['CMD ["nginx"', "not a JSON array"],
    ["CMD [1]", "not a JSON array"],
    ["ENV =x", '"=x" is not KEY=value'],
    ["EXPOSE web", '"web" is not a port'],
    ["EXPOSE 90000", "is not a port"],
    ["EXPOSE 20-10", "is not a port"],
    ["HEALTHCHECK curl", "NONE or CMD"],
    ["HEALTHCHECK --interval=often CMD x", '"--interval=often" is not an option'],
  ])("refuses %s", (change, problem) => {
    expect(() => applyChanges([change])).toThrow(
      expect.objectContaining({ code: "import-change", message: expect.stringContaining(problem) }),
    );
  });

  it("splits words as a shell does", () => {
    expect(splitWords(" a  b'c d'\"e f\"\\ g ''  h")).toEqual(["a", "bc de f g", "", "h"]);
    expect(splitWords("it's")).toEqual(["it's"]);
    expect(splitWords("  ")).toEqual([]);
  });
});
