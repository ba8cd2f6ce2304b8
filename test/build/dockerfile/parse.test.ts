import { describe, expect, it } from "vitest";
import { parseDockerfile } from "../../../src/build/dockerfile/parse.ts";
import type { GantryError } from "../../../src/lib/diagnostic.ts";

const parse = (text: string) => parseDockerfile(text, "/w/Dockerfile");
const instructions = (text: string) => parse(`FROM scratch\n${text}`).stages[0]!.instructions;

/** "line:column code" of each fault. */
function faults(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    return (error as GantryError).diagnostics.map(
      ({ position, code, hint }) =>
        `${position!.line}:${position!.column} ${code}${hint?.startsWith("did") ? ` ${hint}` : ""}`,
    );
  }
  return [];
}

describe("the parser of Dockerfiles", () => {
  it("splits stages, with names in lower case and ARG before the first FROM", () => {
    const { stages, globalArguments } = parse(
      "ARG V=1\nFROM a:$V AS Builder\nRUN x\nFROM --platform=linux/amd64 b\n",
    );
    expect(globalArguments[0]!.pairs).toEqual([{ key: "V", value: "1" }]);
    expect(stages.map(({ name, from }) => [name, from.image, from.platform])).toEqual([
      ["builder", "a:$V", undefined],
      [undefined, "b", "linux/amd64"],
    ]);
  });

  it("joins continued lines, leaving out comments and empty lines between them", () => {
    const [run] = instructions("RUN a \\\n  # a comment\n\n  b \\ \n  c\nUSER x");
    expect(run).toMatchObject({
      kind: "run",
      command: { form: "shell", text: "a   b   c" },
      firstLine: 2,
      lastLine: 6,
    });
  });

  it("takes the escape character from its directive", () => {
    const { stages } = parse("# escape=`\nFROM scratch\nRUN a `\n b \\\nUSER c");
    expect(stages[0]!.instructions.map(({ kind }) => kind)).toEqual(["run", "user"]);
  });

  it("does not continue a line that ends with two escape characters", () => {
    expect(instructions("RUN a \\\\\nUSER b")).toHaveLength(2);
  });

  it("reads here-documents, several of them too", () => {
    const [run, copy] = instructions(
      'RUN <<EOF cat\none\n  two\nEOF\nCOPY <<-"A" <<B /to/\n\tkept $x\n\tA\nb\nB\nUSER me',
    );
    expect(run).toMatchObject({
      command: { heredocs: [{ name: "EOF", content: "one\n  two\n", expand: true }] },
    });
    expect(copy).toMatchObject({ kind: "copy", destination: "/to/" });
    expect([...(copy?.kind === "copy" ? copy.inline : [])]).toEqual([
      [0, { name: "A", expand: false, chomp: true, content: "\tkept $x\n" }],
      [1, { name: "B", expand: true, chomp: false, content: "b\n" }],
    ]);
  });

  it("tells exec form from shell form", () => {
    expect(instructions('CMD ["a", "b c"]\nENTRYPOINT a [b]\nCMD ["a", b]')).toMatchObject([
      { command: { form: "exec", argv: ["a", "b c"] } },
      { command: { form: "shell", text: "a [b]" } },
      { command: { form: "shell", text: '["a", b]' } },
    ]);
  });

  it("reads all flags", () => {
    expect(
      instructions(
        "COPY --from=x --chown=1:2 --chmod=0644 --link --parents --exclude=*.o --exclude=t a b /c\n" +
          "ADD --checksum=sha256:abcd --keep-git-dir=true http://x/y /z\n" +
          "RUN --mount=type=cache,target=/c --mount=type=secret,id=s --network=none --security=insecure x",
      ),
    ).toMatchObject([
      {
        from: "x",
        chown: "1:2",
        chmod: "0644",
        link: true,
        parents: true,
        exclude: ["*.o", "t"],
        sources: ["a", "b"],
      },
      { checksum: "sha256:abcd", keepGitDirectory: true },
      { mounts: ["type=cache,target=/c", "type=secret,id=s"], network: "none", security: "insecure" },
    ]);
  });

  it("reads ENV in both forms and keeps quotes for the expansion", () => {
    expect(instructions("ENV A=1 B='x y' C=a\\ b\nENV OLD two words\nLABEL \"a b\"=c")).toMatchObject([
      {
        pairs: [
          { key: "A", value: "1" },
          { key: "B", value: "'x y'" },
          { key: "C", value: "a\\ b" },
        ],
      },
      { pairs: [{ key: "OLD", value: "two words", legacy: true }] },
      { pairs: [{ key: '"a b"', value: "c" }] },
    ]);
  });

  it("reads health checks", () => {
    expect(
      instructions(
        'HEALTHCHECK --interval=5m --retries=2 CMD ["x"]\nHEALTHCHECK CMD curl $x\nHEALTHCHECK none',
      ),
    ).toMatchObject([
      { test: ["CMD", "x"], interval: 300_000, retries: 2 },
      { test: ["CMD-SHELL", "curl $x"] },
      { test: ["NONE"] },
    ]);
  });
});

describe("faults of a Dockerfile", () => {
  it("all come at once, each with its place", () => {
    expect(
      faults("FROM a\nRNU x\nCOPY --form=b c d\nCOPY a\nRUN --mount=type=cahe,target=/x y \\\n  z\nENV\n"),
    ).toEqual([
      '2:1 dockerfile-instruction did you mean "RUN"?',
      '3:6 dockerfile-flag did you mean "--from"?',
      "4:6 dockerfile-argument",
      "5:5 dockerfile-mount",
      "7:1 dockerfile-argument",
    ]);
  });

  it("points into continued lines", () => {
    expect(faults("FROM a\nENV A=1 \\\n    =2")).toEqual(["3:5 dockerfile-argument"]);
  });

  it.each([
    ["", "1:1 dockerfile-from"],
    ["RUN x\nFROM a", "1:1 dockerfile-from"],
    ["FROM", "1:1 dockerfile-argument"],
    ["FROM a b", "1:6 dockerfile-argument"],
    ["FROM a AS 9x", "1:11 dockerfile-stage-name"],
    ["FROM a\nRUN <<EOF\nx", "2:5 dockerfile-heredoc"],
    ["FROM a\nSHELL /bin/sh", "2:7 dockerfile-argument"],
    ["FROM a\nONBUILD FROM b", "2:9 dockerfile-argument"],
    ["FROM a\nSTOPSIGNAL SIGNOPE", "2:12 dockerfile-argument"],
    ['FROM a\nCMD ["a", 1]', "2:5 dockerfile-json"],
    ["# escape=x\nFROM a", "1:1 dockerfile-directive"],
    ["# syntax=a\n# syntax=b\nFROM a", "2:1 dockerfile-directive"],
    ["FROM a\nHEALTHCHECK --interval=x CMD y", "2:13 dockerfile-flag"],
    ["FROM a\nRUN --network=nope x", "2:5 dockerfile-flag"],
  ])("%j has its place", (text, expected) => {
    expect(faults(text)).toEqual([expected]);
  });
});
