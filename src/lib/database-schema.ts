/**
 * The schema of gantry.db, one step per version: `PRAGMA user_version` counts the steps that have been made.
 * A step that was released is never edited; a change is a further step.
 *
 * Who owns which table: images, image_references, image_layers, layers, holds and build_steps belong to src/image,
 * volumes and the shared_ tables to src/project, leases to whoever leases: `kind` keeps the users apart (a host port, an uplink
 * address). Times are Unix milliseconds, documents are JSON text.
 */
export const SCHEMA_STEPS: readonly string[] = [
  `
  CREATE TABLE images (
    id TEXT PRIMARY KEY,              -- digest of the image configuration
    configuration TEXT NOT NULL,      -- that document, byte for byte
    architecture TEXT NOT NULL,
    os TEXT NOT NULL,
    size INTEGER NOT NULL,            -- of the unpacked layers, in bytes
    manifest TEXT,                    -- digest of the manifest it came with
    stored INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE image_references (
    reference TEXT PRIMARY KEY,       -- normalised name with tag, or with digest
    image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    tagged INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX image_references_image ON image_references (image);

  -- A layer exists when it has a row here and its directory: the row comes after the directory is durable.
  CREATE TABLE layers (
    chain_id TEXT PRIMARY KEY,
    diff_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    stored INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE image_layers (
    image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,        -- 0 is the lowest
    chain_id TEXT NOT NULL REFERENCES layers (chain_id),
    blob TEXT NOT NULL,               -- digest of the layer as it came
    PRIMARY KEY (image, position)
  ) STRICT;
  CREATE INDEX image_layers_chain_id ON image_layers (chain_id);
  CREATE INDEX image_layers_blob ON image_layers (blob);

  -- What a live process is still working with, and therefore nobody may collect.
  CREATE TABLE holds (
    session TEXT NOT NULL,            -- one piece of work of that process
    kind TEXT NOT NULL,               -- "blob" or "layer"
    key TEXT NOT NULL,                -- digest or chain id
    pid INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    PRIMARY KEY (kind, key, session)
  ) STRICT;

  CREATE TABLE volumes (
    name TEXT PRIMARY KEY,
    driver TEXT NOT NULL,
    project TEXT,                     -- null: made outside of a project
    labels TEXT NOT NULL,
    options TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX volumes_project ON volumes (project);

  CREATE TABLE shared_networks (
    name TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    labels TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE leases (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    owner TEXT NOT NULL,              -- a project's name
    created INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
  ) STRICT;
  CREATE INDEX leases_owner ON leases (owner);
  `,
  `
  -- The build cache: what a step with this key made. Belongs to src/image, which keeps its layers; src/build fills it.
  CREATE TABLE build_steps (
    key TEXT PRIMARY KEY,
    chain_id TEXT NOT NULL,
    diff_id TEXT NOT NULL,
    blob TEXT NOT NULL,
    size INTEGER NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL,
    used INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX build_steps_used ON build_steps (used);
  `,
  `
  -- Who holds which address of a shared network; the owner is a container's name, empty for the project's own bridge.
  CREATE TABLE shared_addresses (
    network TEXT NOT NULL,
    address TEXT NOT NULL,
    project TEXT NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (network, address)
  ) STRICT;

  -- The projects on a shared network, each with a process in its namespace: a dead one is on no network.
  CREATE TABLE shared_members (
    network TEXT NOT NULL,
    project TEXT NOT NULL,
    bridge TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    PRIMARY KEY (network, project)
  ) STRICT;

  -- What their running containers are called there, for the name servers of the others.
  CREATE TABLE shared_names (
    network TEXT NOT NULL,
    container TEXT NOT NULL,
    project TEXT NOT NULL,
    entry TEXT NOT NULL,              -- a NamedContainer of src/net
    PRIMARY KEY (network, container)
  ) STRICT;
  CREATE INDEX shared_names_container ON shared_names (container);
  `,
];
