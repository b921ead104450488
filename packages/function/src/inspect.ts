import type { Tensor, TypedArray } from '@tensorflow/tfjs-core';
import { activeRecorder } from './recorder.js';

/**
 * Gives a tensor's values to JavaScript at each call, when the program has computed them: to print or
 * log them, or to check them (as `tf.print` and `tf.debugging.Assert`). If `use` throws, the call
 * throws, and no variable is changed.
 *
 *   inspect(loss, ([value]) => console.log('loss', value));
 */
export function inspect(tensor: Tensor, use: (values: TypedArray) => void): void {
  const recorder = activeRecorder();
  if (recorder === undefined) use(tensor.dataSync());
  else recorder.inspect(tensor, use);
}

/**
 * Says that what runs now depends on something that no program follows, such as a number that changes
 * from call to call: the compiled function around it runs eagerly then, with one notice, or throws if
 * it is `strict`. Outside of a compiled function, and where JavaScript is asked for a value at each
 * call, it does nothing.
 *
 * @param reason continues "cannot become a program:"
 */
export function untraceable(reason: string): void {
  activeRecorder()?.leave(reason);
}
