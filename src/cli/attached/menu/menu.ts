import type { Paint } from "../../render/paint.ts";
import type { BottomLine } from "./bottom-line.ts";
import { isInForeground } from "./wants-menu.ts";

/** What the keys do. */
export type MenuActions = {
  readonly detach: () => void;
  readonly toggleWatch: () => Promise<void>;
  readonly isWatching: () => boolean;
  /** Shows the configuration, with the terminal to itself. */
  readonly openConfig: () => void;
};

/** The widest key with its words and the gap after it. */
const KEY_WIDTH = 18;

const [CTRL_C, CTRL_Z, CTRL_BACKSLASH] = ["\x03", "\x1a", "\x1c"];

/** The keys of an attached `up`, and the line that tells of them. */
export class Menu {
  readonly #line: BottomLine;
  readonly #paint: Paint;
  readonly #actions: MenuActions;
  #isShown = false;

  constructor(line: BottomLine, paint: Paint, actions: MenuActions) {
    this.#line = line;
    this.#paint = paint;
    this.#actions = actions;
  }

  open(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    process.stdin.on("data", this.#onKey);
    process.on("SIGCONT", this.#takeTerminal);
    this.#takeTerminal();
  }

  close(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#giveTerminalBack();
    process.off("SIGCONT", this.#takeTerminal);
    process.stdin.off("data", this.#onKey);
    process.stdin.pause();
  }

  readonly #takeTerminal = (): void => {
    if (!isInForeground()) return;
    process.stdin.setRawMode(true);
    this.#draw();
  };

  #giveTerminalBack(): void {
    this.#line.show("");
    if (isInForeground()) process.stdin.setRawMode(false);
  }

  #draw(): void {
    const key = (name: string, what: string) => `${this.#paint("bold", name)} ${this.#paint("dim", what)}`;
    const watch = this.#actions.isWatching() ? "Stop watching" : "Watch";
    const keys = [key("Ctrl-C", "Stop"), key("d", "Detach"), key("w", watch), key("o", "Config")];
    // A line that breaks could not be taken away again.
    this.#line.show(keys.slice(0, Math.floor((process.stdout.columns || 80) / KEY_WIDTH)).join("   "));
  }

  readonly #onKey = (bytes: Buffer): void => {
    switch (bytes.toString()) {
      case CTRL_C:
        process.kill(process.pid, "SIGINT");
        return;
      case CTRL_BACKSLASH:
        process.kill(process.pid, "SIGQUIT");
        return;
      case CTRL_Z:
        this.#giveTerminalBack();
        // The whole job, as the terminal itself would; SIGCONT takes the terminal again.
        process.kill(0, "SIGSTOP");
        return;
      case "d":
        this.#actions.detach();
        return;
      case "o":
        this.#giveTerminalBack();
        this.#actions.openConfig();
        this.#takeTerminal();
        return;
      case "w":
        void this.#actions.toggleWatch().then(() => this.#draw());
    }
  };
}
