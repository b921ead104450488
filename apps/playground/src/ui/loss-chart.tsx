import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { CurvePoint } from '../trainer/protocol.js';

const HEIGHT = 240;

/** Loss curves of training and validation; the scale of the loss is logarithmic. */
export function LossChart({ curve }: { curve: readonly CurvePoint[] }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const data = useRef<uPlot.AlignedData>([[], [], []]);
  data.current = [
    curve.map(({ step }) => step),
    curve.map(({ training }) => training),
    curve.map(({ validation }) => validation),
  ];

  useEffect(() => {
    const parent = place.current!;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(options(parent), data.current, parent);
    };
    draw();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: parent.clientWidth, height: HEIGHT }),
    );
    resized.observe(parent);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', draw);
      plot.current?.destroy();
    };
  }, []);

  useEffect(() => plot.current?.setData(data.current), [curve]);

  const last = curve.at(-1);
  const label =
    last === undefined
      ? 'Loss curves: nothing yet.'
      : `Loss after ${last.step} steps: training ${last.training.toPrecision(3)}, ` +
        `validation ${last.validation.toPrecision(3)}.`;
  return (
    <div class="chart">
      <div ref={place} role="img" aria-label={label} />
      {last === undefined && <p class="empty">Press Train to see the loss fall.</p>}
    </div>
  );
}

function options(parent: HTMLElement): uPlot.Options {
  const style = getComputedStyle(parent);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const value = (_: uPlot, raw: number | null): string => raw?.toPrecision(3) ?? '–';
  return {
    width: parent.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false }, y: { distr: 3 } },
    cursor: { y: false, points: { size: 6 } },
    axes: [
      axis,
      {
        ...axis,
        size: 56,
        values: (_, splits) => splits.map((split) => (split === null ? '' : String(split))),
      },
    ],
    series: [
      { label: 'Step' },
      { label: 'Training', stroke: color('--training'), width: 2, points: { show: false }, value },
      {
        label: 'Validation',
        stroke: color('--validation'),
        width: 2,
        dash: [6, 4],
        points: { show: false },
        value,
      },
    ],
  };
}
