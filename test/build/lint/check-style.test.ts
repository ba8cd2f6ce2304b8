import { expect, it } from "vitest";
import { parseDockerfile } from "../../../src/build/dockerfile/parse.ts";
import { checkStyle } from "../../../src/build/lint/check-style.ts";

const rules = (text: string) =>
  checkStyle(parseDockerfile(text, "Dockerfile")).map(({ code, position }) => `${position!.line} ${code}`);

it.each<[string, string[]]>([
  ['FROM a\nCMD ["x"]\nWORKDIR /a\nWORKDIR b', []],
  ["FROM a AS b\nfrom c as d\nRUN x", ["2 ConsistentInstructionCasing"]],
  ["FROM a as b", ["1 FromAsCasing"]],
  ["FROM a AS B\nFROM c AS b", ["1 StageNameCasing", "2 DuplicateStageName"]],
  ["FROM a AS scratch", ["1 ReservedStageName"]],
  ["FROM a\nRUN x \\\n\n y", ["2 NoEmptyContinuation"]],
  [
    "FROM a\nCMD x\nCMD y",
    ["2 JSONArgsRecommended", "2 MultipleInstructionsDisallowed", "3 JSONArgsRecommended"],
  ],
  ["FROM a\nMAINTAINER x", ["2 MaintainerDeprecated"]],
  ["FROM a:$V", ["1 UndefinedArgInFrom"]],
  ["ARG V\nFROM a:$V", ["2 InvalidDefaultArgInFrom"]],
  ["ARG V=1\nFROM a:$V", []],
  ["FROM --platform=linux/amd64 a", ["1 FromPlatformFlagConstDisallowed"]],
  ["FROM --platform=$TARGETPLATFORM a", ["1 RedundantTargetPlatform"]],
  ["FROM a\nENV A b\nWORKDIR c", ["2 LegacyKeyValueFormat", "3 WorkdirRelativePath"]],
  ["FROM a\nARG API_TOKEN\nENV TOKEN_FILE=/x\nLABEL key=1", ["2 SecretsUsedInArgOrEnv"]],
  ["FROM a\nEXPOSE 80/TCP", ["2 ExposeProtoCasing"]],
  ["# check=skip=JSONArgsRecommended,FromAsCasing\nFROM a as b\nCMD x", []],
  ["# check=skip=all\nFROM a as b\nCMD x", []],
])("%j", (text, expected) => {
  expect(rules(text)).toEqual(expected);
});
