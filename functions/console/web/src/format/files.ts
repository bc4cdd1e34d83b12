/** Starts the browser's download of a file. */
export function download(name: string, type: string, text: string) {
  const link = document.createElement("a");
  // The byte order mark tells spreadsheets that the file is UTF-8.
  const mark = type.startsWith("text/csv") ? "\ufeff" : "";
  link.href = URL.createObjectURL(new Blob([mark, text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
