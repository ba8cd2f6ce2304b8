/** An image found in an archive, its parts already in the blob store. */
export type FoundImage = {
  /** Digest of the image configuration. */
  readonly configuration: string;
  /** Size of that document. */
  readonly configurationSize: number;
  /** Digests of the layers as they came, lowest first. */
  readonly layers: readonly string[];
  /** Digest of the manifest, when there is one. */
  readonly manifest?: string;
  /** Normalised names to give it. */
  readonly references: readonly string[];
};
