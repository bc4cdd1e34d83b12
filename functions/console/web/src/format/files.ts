/** Gives a file to the browser's downloads. */
export function download(name: string, type: string, text: string) {
  const link = document.createElement("a");
  // The mark tells spreadsheets that it is UTF-8.
  const mark = type.startsWith("text/csv") ? "\ufeff" : "";
  link.href = URL.createObjectURL(new Blob([mark, text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
