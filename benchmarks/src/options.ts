import { parseArgs } from 'node:util';
import { VARIANTS, type Variant } from './case.js';

export interface Options {
  /** Words, one of which a case's name must contain; none for all cases. */
  only: string[];
  variants: Variant[];
  rounds: number;
  relaxedSimd: boolean;
  json?: string;
  /** A Python with TensorFlow and PyTorch, for the native peers. */
  python?: string;
}

export const USAGE: string = `npm run bench -- [options]

  --only WORD         only cases with WORD in their name; may be given several times
  --variants A,B      some of the variants below, all by default; ours-1 is always there
  --rounds N          samples of each case and variant, of which the median counts (7)
  --no-relaxed-simd   our plain SIMD build, without fused multiply-add
  --json FILE         also write the results as JSON
  --peers native      also the training steps in TensorFlow 2 and PyTorch, by
  --python PATH       a Python that has them

Variants; a number is that of threads:
  ours-1, ours-2                    @ae/wasm; training steps by fit with compile: false
  ours-compiled-1, ours-compiled-2  step/* by fit with compile: true, encode/* by compile()
  stock-wasm, stock-cpu             the backends of TensorFlow.js, where they can
  jax-js, jax-js-eager              under jit; step/* of small models also without
With --peers native, for step/*:
  tensorflow-1, tensorflow-2        under tf.function
  tensorflow-eager-1, tensorflow-eager-2
  torch-1, torch-2
`;

/** @throws Error saying what is wrong with the arguments */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      variants: { type: 'string', default: VARIANTS.join(',') },
      rounds: { type: 'string', default: '7' },
      'no-relaxed-simd': { type: 'boolean', default: false },
      json: { type: 'string' },
      peers: { type: 'string' },
      python: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a number from 1 on, not ${values.rounds}`);
  }
  if (values.peers !== undefined && values.peers !== 'native') {
    throw new Error(`--peers takes "native", not ${values.peers}`);
  }
  if (values.peers === 'native' && values.python === undefined) {
    throw new Error('--peers native needs --python PATH, a Python with tensorflow and torch');
  }
  return {
    only: values.only,
    variants: variantsOf(values.variants),
    rounds,
    relaxedSimd: !values['no-relaxed-simd'],
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.peers === undefined ? {} : { python: values.python! }),
  };
}

function variantsOf(list: string): Variant[] {
  const asked = list.split(',');
  const unknown = asked.filter((name) => !VARIANTS.some((variant) => variant === name));
  if (unknown.length > 0) {
    throw new Error(`--variants has ${unknown}; there are ${VARIANTS.join(', ')}`);
  }
  return VARIANTS.filter((variant) => variant === 'ours-1' || asked.includes(variant));
}
