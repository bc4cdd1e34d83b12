/** A key figure. */

export function Tile({ name, value, note, kind = "" }: { name: string; value: string; note: string; kind?: string }) {
  return (
    <div class={`tile ${kind}`}>
      <p class="tile-name">{name}</p>
      <p class="tile-value">{value}</p>
      <p class="small">{note}</p>
    </div>
  );
}
