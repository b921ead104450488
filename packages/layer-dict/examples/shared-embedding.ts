/**
 * A language model after Sonnet's MLP: modules with variables of their own, and one
 * embedding used twice, to read a token and to score the next one (Press and Wolf,
 * "Using the Output Embedding to Improve Language Models", 2017).
 */
import { Module } from '@ae/module';
import { fillNormal, foldIn } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';

/** A normal matrix whose rows have a length of about one. */
function normalMatrix(seed: number, rows: number, columns: number): tf.Variable<tf.Rank.R2> {
  const values = fillNormal(seed, new Float32Array(rows * columns), 0, 1 / Math.sqrt(columns));
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [rows, columns])));
}

/** `x w + b`, from `[batch, inputs]` to `[batch, outputs]`. */
export class Linear extends Module {
  readonly w: tf.Variable<tf.Rank.R2>;
  readonly b: tf.Variable<tf.Rank.R1>;

  constructor(seed: number, inputs: number, outputs: number) {
    super();
    this.w = normalMatrix(seed, inputs, outputs);
    this.b = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([outputs])));
  }

  call(x: tf.Tensor2D): tf.Tensor2D {
    return tf.add(tf.matMul(x, this.w), this.b);
  }
}

/** Linear layers with a rectifier after each but the last. */
export class Mlp extends Module {
  readonly layers: readonly Linear[];

  constructor(seed: number, sizes: readonly number[]) {
    super();
    this.layers = sizes
      .slice(1)
      .map((outputs, i) => new Linear(foldIn(seed, i), sizes[i]!, outputs));
  }

  call(x: tf.Tensor2D): tf.Tensor2D {
    return this.layers.reduce(
      (hidden, layer, i) => (i === 0 ? layer.call(hidden) : layer.call(tf.relu(hidden))),
      x,
    );
  }
}

/** Vectors of tokens, and scores of vectors for all tokens. */
export class Embedding extends Module {
  readonly table: tf.Variable<tf.Rank.R2>;

  constructor(seed: number, tokens: number, width: number) {
    super();
    this.table = normalMatrix(seed, tokens, width);
  }

  /** From tokens `[batch]` to vectors `[batch, width]`. */
  read(token: tf.Tensor1D): tf.Tensor2D {
    return tf.gather(this.table, token);
  }

  /** From vectors `[batch, width]` to a score for each token, `[batch, tokens]`. */
  score(vector: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(vector, this.table, false, true);
  }
}

/** Scores the tokens and holds the embedding that the model also reads with. */
class Readout extends Module {
  constructor(private readonly embedding: Embedding) {
    super();
  }

  call(vector: tf.Tensor2D): tf.Tensor2D {
    return this.embedding.score(vector);
  }
}

/** Sizes of the {@link LanguageModel}. */
export interface LanguageModelOptions {
  readonly seed?: number;
  readonly tokens?: number;
  readonly width?: number;
}

/** Predicts the next token from the present one. */
export class LanguageModel extends Module {
  readonly embedding: Embedding;
  readonly mlp: Mlp;
  readonly readout: Readout;

  constructor({ seed = 0, tokens = 8, width = 12 }: LanguageModelOptions = {}) {
    super();
    this.embedding = new Embedding(foldIn(seed, 'embedding'), tokens, width);
    this.mlp = new Mlp(foldIn(seed, 'mlp'), [width, 16, width]);
    this.readout = new Readout(this.embedding);
  }

  /** From tokens `[batch]` to scores `[batch, tokens]`. */
  call(token: tf.Tensor1D): tf.Tensor2D {
    return this.readout.call(this.mlp.call(this.embedding.read(token)));
  }

  /** The mean cross entropy of the next tokens, both `[batch]` of int32. */
  loss(token: tf.Tensor1D, next: tf.Tensor1D): tf.Scalar {
    const scores = this.call(token);
    const chosen = tf.sum(tf.mul(scores, tf.oneHot(next, scores.shape[1])), 1);
    return tf.mean(tf.sub(tf.logSumExp(scores, 1), chosen));
  }
}
