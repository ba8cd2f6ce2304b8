import { type Command, Option } from "commander";
import { obsolete } from "../obsolete-options.ts";
import { collect, labelOf } from "../option-values.ts";

/** Options of `build`, as commander gives them. */
export type BuildOptions = {
  readonly file?: string;
  readonly tag?: readonly string[];
  readonly buildArg?: readonly string[];
  readonly buildContext?: readonly string[];
  readonly target?: string;
  readonly platform?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly secret?: readonly string[];
  readonly ssh?: readonly string[];
  readonly allow?: readonly string[];
  readonly addHost?: readonly string[];
  readonly network?: "default" | "none" | "host";
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
  readonly cache: boolean;
  readonly noCacheFilter?: readonly string[];
  readonly pull?: boolean;
  readonly push?: boolean;
  readonly quiet?: boolean;
  readonly memory?: string;
  readonly shmSize?: string;
  readonly iidfile?: string;
  readonly progress?: "auto" | "plain" | "tty" | "quiet" | "json" | "rawjson";
  readonly check?: boolean;
  readonly print?: boolean;
  readonly debugShell?: boolean;
  readonly withDependencies?: boolean;
  readonly builder?: string;
  readonly provenance?: string;
  readonly sbom?: string;
};

/** Declares what `build` accepts: Compose's options, and those of a build of one image. */
export function declareBuild(command: Command): Command {
  return command
    .argument("[services...]", "Services, or the path of one build context (. or ./dir)")
    .option("-f, --file <path>", "The Dockerfile of a single image, PATH/Dockerfile by default")
    .option("-t, --tag <name>", "Name of a single image; may be repeated", collect)
    .option("--build-arg <key=value>", "Value of an ARG; may be repeated", collect)
    .option("--build-context <name=path>", "Further build context; may be repeated", collect)
    .option("--target <stage>", "Build up to this stage")
    .option("--platform <os/arch>", "What the image is for, this machine by default")
    .option("--label <key=value>", "Label of the image; may be repeated", labelOf)
    .option("--secret <id=,src=>", "Secret for RUN --mount=type=secret; may be repeated", collect)
    .option("--ssh <id=socket>", "SSH agent for RUN --mount=type=ssh", collect)
    .option("--allow <entitlement>", "network.host or security.insecure", collect)
    .option("--add-host <name=address>", "Line for /etc/hosts of RUN", collect)
    .addOption(new Option("--network <mode>", "Network of RUN").choices(["default", "none", "host"]))
    .option("--cache-from <type=local,src=>", "Directory with the steps of other builds", collect)
    .option("--cache-to <type=local,dest=>", "Directory to write the steps of this build to", collect)
    .option("--no-cache", "Make every step anew")
    .option("--no-cache-filter <stage>", "Make the steps of this stage anew", collect)
    .option("--pull", "Pull base images even if they are there")
    .option("--push", "Push the images once they are built")
    .option("-q, --quiet", "Print only the image's id")
    .option("-m, --memory <bytes>", "Memory limit of RUN")
    .option("--shm-size <bytes>", "Size of /dev/shm of RUN")
    .option("--iidfile <path>", "Write the image's id to this file")
    .addOption(
      new Option("--progress <kind>", "Kind of progress").choices([
        "auto",
        "plain",
        "tty",
        "quiet",
        "json",
        "rawjson",
      ]),
    )
    .option("--check", "Only check the Dockerfiles")
    .option("--print", "Print what would be built, as JSON")
    .option("--debug-shell", "After a failure, open a shell where it failed")
    .option("--provenance <mode>", "Only false: attestations are not made")
    .option("--sbom <mode>", "Only false: attestations are not made")
    .option("--builder <name>", "Which builder; gantry has one, so the name only gets a warning")
    .addOption(obsolete("--compress"))
    .addOption(obsolete("--force-rm"))
    .addOption(obsolete("--no-rm"))
    .addOption(obsolete("--parallel"))
    .option("--with-dependencies", "Build what the services depend on too");
}
