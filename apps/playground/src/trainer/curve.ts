import type { Callback, Json, StepEvent } from '@ae/train';
import type { CurvePoint, Progress } from './protocol.js';

/** A point this often at first; rarer as the run grows, so that the curve stays short. */
const FIRST_INTERVAL = 25;
const MOST_POINTS = 400;

/** Keeps the loss curves of a run. They are part of its checkpoints, so a run goes on where it was. */
export class Curve implements Callback {
  readonly name = 'curve';
  private points: CurvePoint[] = [];
  private interval = FIRST_INTERVAL;
  private sum = 0;
  private count = 0;
  private step = 0;
  private epoch = 0;
  private images = 0;
  private since = 0;
  private rate = 0;

  /** @param validate the loss on validation images at this moment */
  constructor(private readonly validate: () => Promise<number>) {}

  get progress(): Progress {
    const { step, epoch, rate, points } = this;
    return { step, epoch, imagesPerSecond: rate, curve: points };
  }

  onTrainBegin(): void {
    this.images = 0;
    this.since = performance.now();
  }

  async onStepEnd({ step, epoch, loss, examples }: StepEvent): Promise<void> {
    this.step = step;
    this.epoch = epoch;
    this.sum += loss;
    this.count++;
    this.measure(examples);
    if (step % this.interval !== 0) return;
    this.points.push({ step, training: this.sum / this.count, validation: await this.validate() });
    this.sum = 0;
    this.count = 0;
    if (this.points.length > MOST_POINTS) this.thin();
  }

  state(): { json: Json } {
    const { points, interval, sum, count, step, epoch } = this;
    return {
      json: {
        points: points.map((point) => [point.step, point.training, point.validation]),
        interval,
        sum,
        count,
        step,
        epoch,
      },
    };
  }

  load({ json }: { json: Json }): void {
    const saved = json as unknown as SavedCurve;
    this.points = saved.points.map(([step, training, validation]) => ({
      step,
      training,
      validation,
    }));
    this.interval = saved.interval;
    this.sum = saved.sum;
    this.count = saved.count;
    this.step = saved.step;
    this.epoch = saved.epoch;
  }

  private measure(examples: number): void {
    this.images += examples;
    const seconds = (performance.now() - this.since) / 1000;
    if (seconds < 0.5) return;
    this.rate = this.images / seconds;
    this.images = 0;
    this.since = performance.now();
  }

  /** Every second point goes, and new ones come half as often. */
  private thin(): void {
    this.interval *= 2;
    this.points = this.points.filter(({ step }) => step % this.interval === 0);
  }
}

interface SavedCurve {
  points: [number, number, number][];
  interval: number;
  sum: number;
  count: number;
  step: number;
  epoch: number;
}
