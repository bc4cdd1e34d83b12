/** A table. On a narrow screen each row becomes a block of named values. */

import type { ComponentChildren } from "preact";

export type Column<Row> = {
  name: string;
  cell: (row: Row) => ComponentChildren;
  /** Numbers are right-aligned, with tabular figures. */
  number?: boolean;
  /** The column that names the row. */
  head?: boolean;
  /** A column without a visible name. */
  hidden?: boolean;
  /** Left out on a narrow screen, where the table would be too long. */
  wide?: boolean;
};

export type TableProps<Row> = {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  id: (row: Row, at: number) => string;
  showCaption?: boolean;
  mark?: (row: Row) => boolean;
};

const classOf = <Row,>({ number, wide }: Column<Row>) =>
  [number && "number", wide && "wide-only"].filter(Boolean).join(" ");

// The roles are stated because another CSS display removes a table's roles.
export function Table<Row>({ caption, columns, rows, id, showCaption = false, mark }: TableProps<Row>) {
  return (
    <table class="table" role="table">
      <caption class={showCaption ? "" : "visually-hidden"}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.name} role="columnheader" scope="col" class={classOf(column)}>
              <span class={column.hidden ? "visually-hidden" : ""}>{column.name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row, at) => (
          <tr key={id(row, at)} role="row" class={mark?.(row) ? "marked" : ""}>
            {columns.map((column) => {
              const props = { key: column.name, class: classOf(column), "data-name": column.hidden ? "" : column.name };
              return column.head ? (
                <th {...props} role="rowheader" scope="row">
                  {column.cell(row)}
                </th>
              ) : (
                <td {...props} role="cell">
                  {column.cell(row)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Names and values, for example of a header. */
export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
