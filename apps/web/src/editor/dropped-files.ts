/** A file from the device and the path that it gets. */
export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

/** Files of one drop that are looked at; folders may hold millions. */
const droppedFilesMax = 1_000;

/** What was dropped, folders with all that is in them. Files of a system's own, such as `.DS_Store`, and `.git` stay out. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly ChosenFile[]> {
  // Entries are gone once the event is over, so all are taken before the first wait.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const files: ChosenFile[] = [];
  for (const entry of entries) await collect(entry, "", files);
  return files;
}

async function collect(entry: FileSystemEntry, directory: string, files: ChosenFile[]): Promise<void> {
  if (files.length >= droppedFilesMax || entry.name === ".DS_Store" || entry.name === ".git") return;
  const path = `${directory}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    files.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const next = (): Promise<readonly FileSystemEntry[]> =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  // A reader gives a hundred entries at a time and none at the end.
  for (let batch = await next(); batch.length > 0; batch = await next())
    for (const child of batch) await collect(child, `${path}/`, files);
}
