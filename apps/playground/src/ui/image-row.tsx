import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Images } from '../trainer/protocol.js';
import { drawRow } from './draw-images.js';

/** Gray images in rows, scaled to the width that there is. */
export function ImageRows({ rows, label }: { rows: readonly Images[]; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => drawRow(canvas.current!, rows), [rows]);
  const columns = Math.max(1, rows[0]?.count ?? 1);
  return (
    <canvas
      ref={canvas}
      class="images"
      width={columns * 30 - 2}
      height={rows.length * 30 - 2}
      role="img"
      aria-label={label}
    />
  );
}
