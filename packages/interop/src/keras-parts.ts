/** What Keras puts between a wrapper and the layer inside, and what the path has there. */
const PARTS: Readonly<Record<string, string>> = {
  cell: '',
  layer: '',
  forward_layer: 'forward',
  backward_layer: 'backward',
};

/** What stands in our path for a name inside a layer of Keras; often nothing. */
export function partName(name: string): string {
  return PARTS[name] ?? name;
}
