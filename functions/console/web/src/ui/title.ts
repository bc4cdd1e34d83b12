/** The title of the browser's tab: the screen, but never the person, because browsers keep titles in their history. */

import { useEffect } from "preact/hooks";

export function useTitle(name: string) {
  useEffect(() => void (document.title = `${name} · Daftari`), [name]);
}
