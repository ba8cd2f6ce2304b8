import { Puller, RegistryClient } from "../../../src/image/index.ts";
import { temporaryStore } from "./fixtures.ts";
import { bareSettings } from "./registry-settings.ts";

// A command that pulls an image: node pull-child.ts ROOT NAME. The root is the parent's to remove.
const [root, name] = process.argv.slice(2);
const store = temporaryStore(root!);
{
  using client = new RegistryClient(bareSettings(root!));
  await using puller = new Puller(store, client);
  await puller.pull({ name: name! });
}
store.database.close();
