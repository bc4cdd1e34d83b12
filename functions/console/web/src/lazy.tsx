/** A screen whose code loads when it is first shown. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure, Skeleton } from "./ui/basics";

export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let known: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [Screen, setScreen] = useState<ComponentType<Props> | null>(() => known);
    const [error, setError] = useState<Error | null>(null);
    useEffect(() => {
      if (known) return;
      let shown = true;
      load().then(
        (screen) => {
          known = screen;
          if (shown) setScreen(() => screen);
        },
        // After a deployment the files have other names, which only a reload finds.
        () =>
          shown &&
          setError(new Error("This part of the console could not be loaded. Reload the page and sign in again.")),
      );
      return () => void (shown = false);
    }, []);
    if (error) return <Failure error={error} what="This page" />;
    return Screen ? <Screen {...props} /> : <Skeleton lines={6} />;
  };
}
