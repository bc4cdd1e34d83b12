/** A QR code as an SVG path. Loaded on demand. */

import encodeQR from "qr";

/** Modules of the quiet zone around a code, by the standard. */
const QUIET = 4;

/** The dark modules of a code of `text`, row by row, and the side length in modules with the quiet zone. */
export function pathOf(text: string): { path: string; side: number } {
  // A low error correction makes the modules large: a screen has no dirt.
  const modules = encodeQR(text, "raw", { ecc: "low", border: QUIET });
  let path = "";
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      path += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
    }
  });
  return { path, side: modules.length };
}

export function QrCode({ text, name }: { text: string; name: string }) {
  const { path, side } = pathOf(text);
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={name} shape-rendering="crispEdges">
      <rect class="qr-light" width={side} height={side} />
      <path class="qr-dark" d={path} />
    </svg>
  );
}
