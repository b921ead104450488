/** Turns the declarations that the AssemblyScript compiler prints into one interface. */
export function kernelExports(declarations) {
  const functions = [...declarations.matchAll(/export function (\w+)\((.*?)\): (\w+);/g)];
  const lines = functions.map(([, name, parameters, result]) => {
    const list = parameters.replaceAll(/\s*\|\s*null/g, '');
    return `  ${name}(${list}): ${result};`;
  });
  return [
    '// Written by the build from assembly/. Do not edit.',
    '/** The functions of the kernel module; pointers are byte offsets in the heap. */',
    'export interface KernelExports {',
    ...lines,
    '}',
    '',
  ].join('\n');
}
