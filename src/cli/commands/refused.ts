import { GantryError } from "../../lib/diagnostic.ts";
import { defineVerb } from "../verb.ts";

/** `gantry publish`: known, so that the answer is a better one than "unknown command". */
export const publish = defineVerb({
  name: "publish",
  summary: "Not there: projects as artifacts of a registry",
  declare: (command) =>
    command
      .argument("<repository>")
      .option("--app", "With the images that services use")
      .option("--oci-version <version>", "Version of the OCI specification")
      .option("--resolve-image-digests", "Pin images to digests")
      .option("--with-env", "With environment variables")
      .option("-y, --yes", "Answer yes to every question"),
  run: () => {
    throw new GantryError("not-supported", "gantry does not publish projects to registries", {
      hint: "`gantry config --resolve-image-digests -o FILE` makes one self-contained file to pass on.",
    });
  },
});

/** `gantry bridge`, likewise. */
export const bridge = defineVerb({
  name: "bridge",
  summary: "Not there: conversion to Kubernetes and others",
  declare: (command) => command.argument("[arguments...]").allowUnknownOption(),
  run: () => {
    throw new GantryError("not-supported", "gantry does not convert projects to other models", {
      hint: "Programs that read Compose files, such as kompose, take what `gantry config` prints.",
    });
  },
});
