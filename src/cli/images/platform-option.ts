import { type Command, InvalidArgumentError } from "commander";
import { type Platform, parsePlatform } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";

export type PlatformOption = { readonly platform?: Platform };

/** Declares `--platform OS/ARCHITECTURE[/VARIANT]`. */
export const declarePlatform = (command: Command): Command =>
  command.option("--platform <platform>", "Platform of the image, as linux/arm64", (text: string) => {
    try {
      return parsePlatform(text);
    } catch (error) {
      if (error instanceof GantryError) throw new InvalidArgumentError(error.hint ?? error.message);
      throw error;
    }
  });
