import { type Compiled, type CompileOptions, compile } from './compile.js';

type Method<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Result;

/** A standard decorator for methods. */
export type MethodDecorator = <This extends object, Args extends unknown[], Result>(
  method: Method<This, Args, Result>,
  context: ClassMethodDecoratorContext<This, Method<This, Args, Result>>,
) => Method<This, Args, Result>;

/** For each decorated method, what it is on an object. */
const methods = new WeakMap<object, (object: object) => Compiled<object, unknown[], unknown>>();

function decorator(options: CompileOptions): MethodDecorator {
  return (method, { name, static: isStatic }) => {
    if (isStatic) {
      throw new TypeError(
        `@compiled is for methods of objects, and '${String(name)}' is static. Use compile(fn) for it.`,
      );
    }
    const perObject = new WeakMap<object, Compiled<object, never[], unknown>>();
    const methodOf = (object: object) => {
      let own = perObject.get(object);
      if (own === undefined) {
        own = compile(method as unknown as Method<object, never[], unknown>, {
          name: String(name),
          ...options,
        });
        perObject.set(object, own);
      }
      return own;
    };
    const replacement = function (this: object, ...args: unknown[]): unknown {
      return methodOf(this).apply(this, args as never[]);
    };
    methods.set(replacement, methodOf as (object: object) => Compiled<object, unknown[], unknown>);
    return replacement as unknown as typeof method;
  };
}

/**
 * Compiles a method: `@compiled encode(image) { ... }`, or `@compiled.with({ strict: true })`. Every
 * object has traces of its own; {@link compiledOf} gives access to them.
 */
export const compiled: MethodDecorator & { with(options: CompileOptions): MethodDecorator } =
  Object.assign(decorator({}), { with: decorator });

/**
 * What a method that is marked with `@compiled` is on this object: its traces, `calls`, `dispose`.
 *
 * @throws TypeError when the object has no such compiled method
 */
export function compiledOf<Name extends string>(
  object: { readonly [Key in Name]: (...args: never[]) => unknown },
  method: Name,
): Compiled<object, unknown[], unknown> {
  const found = methods.get(object[method]);
  if (found !== undefined) return found(object);
  throw new TypeError(`'${method}' is not marked with @compiled on this object.`);
}
