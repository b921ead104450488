import type { SummaryRow } from '../trainer/protocol.js';

/** The model's variables by path. */
export function Summary({ rows }: { rows: readonly SummaryRow[] }) {
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Variable</th>
            <th scope="col">Shape</th>
            <th scope="col" class="number">
              Parameters
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, shape, parameters }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{shape}</td>
              <td class="number">{parameters.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Total
            </th>
            <td class="number">{total.toLocaleString('en')}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
