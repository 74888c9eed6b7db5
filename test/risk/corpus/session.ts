/** What an average session consists of: how often each subject of the ordinary corpus is met in 300 calls. */

/** A developer's agent mostly reads, edits and builds; it pushes a few times and hardly ever looks at a cloud. */
export const SESSION: Readonly<Record<string, number>> = {
  'reading-with-shell': 70,
  'reading-with-tools': 70,
  editing: 65,
  building: 40,
  versioning: 20,
  machine: 9,
  containers: 5,
  network: 5,
  installing: 4,
  databases: 4,
  'servers-of-tools': 4,
  'publishing-commits': 3,
  clouds: 1,
};

export const SESSION_CALLS = 300;
