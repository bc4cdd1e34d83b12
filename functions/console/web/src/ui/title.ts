/** The title of the browser's tab: what is shown, and never of whom, since browsers keep titles in their history. */

import { useEffect } from "preact/hooks";

export function useTitle(name: string) {
  useEffect(() => void (document.title = `${name} · Daftari`), [name]);
}
