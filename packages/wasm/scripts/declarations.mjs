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
    '/** The WebAssembly types of the parameters of those that return nothing, a letter for each. */',
    'export const KERNEL_PARAMETERS: Readonly<Record<string, string>> = {',
    ...parameterTypes(declarations).map(([name, types]) => `  ${name}: '${types}',`),
    '};',
    '',
  ].join('\n');
}

const LETTERS = { usize: 'i', i32: 'i', u32: 'i', bool: 'i', f32: 'f', f64: 'd' };

/** The compiler prints the types in a comment before each function. */
function parameterTypes(declarations) {
  const functions = [
    ...declarations.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*export function (\w+)/gs),
  ];
  return functions
    .filter(([, comment]) => !comment.includes('@returns'))
    .map(([, comment, name]) => {
      const types = [...comment.matchAll(/@param \w+ `(\w+)`/g)].map(([, type]) => LETTERS[type]);
      if (types.includes(undefined)) throw new Error(`${name} has a parameter of another type`);
      return [name, types.join('')];
    });
}
