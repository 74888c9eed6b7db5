/** The version of the engine and its catalogue, written on every record. */

/** Changes whenever the same input could be scored differently. */
export const ENGINE_VERSION = '0.5.0';
