import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { IMAGE_SIZE, PIXELS } from '../trainer/protocol.js';
import { ARROW_KEYS } from './arrow-keys.js';
import { toImageData } from './draw-images.js';

const BRUSH = 1.25;

/** A 28 x 28 image to draw on, with a pointer or with the keyboard. */
export function DrawPad({ onDraw }: { onDraw: (pixels: Float32Array) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pixels = useRef(new Float32Array(PIXELS));
  const last = useRef<[number, number] | undefined>(undefined);
  const [pen, setPen] = useState<[number, number]>([14, 14]);

  useLayoutEffect(() => show(canvas.current!, pixels.current, pen), [pen]);

  const changed = (): void => {
    show(canvas.current!, pixels.current, pen);
    onDraw(pixels.current.slice());
  };

  const follow = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    const box = canvas.current!.getBoundingClientRect();
    const to: [number, number] = [
      ((event.clientX - box.left) / box.width) * IMAGE_SIZE,
      ((event.clientY - box.top) / box.height) * IMAGE_SIZE,
    ];
    stroke(pixels.current, last.current ?? to, to);
    last.current = to;
    changed();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = ARROW_KEYS[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const to: [number, number] = [within(pen[0] + move[0]), within(pen[1] + move[1])];
      setPen(to);
      if (!event.shiftKey) return;
      stroke(pixels.current, pen, to);
      changed();
    } else if (event.key === ' ') {
      event.preventDefault();
      stroke(pixels.current, pen, pen);
      changed();
    }
  };

  return (
    <div class="draw-pad">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a drawing area has no element of its own */}
      <canvas
        ref={canvas}
        class="images pad"
        width={IMAGE_SIZE}
        height={IMAGE_SIZE}
        tabIndex={0}
        role="application"
        aria-label="Drawing area. Arrow keys move the pen, with Shift they draw, Space makes a dot."
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = undefined;
          follow(event);
        }}
        onPointerMove={follow}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        onClick={() => {
          pixels.current.fill(0);
          changed();
        }}
      >
        Clear
      </button>
    </div>
  );
}

function within(value: number): number {
  return Math.min(IMAGE_SIZE - 1, Math.max(0, value));
}

/** A soft line, as thick as the strokes of MNIST. */
function stroke(
  pixels: Float32Array,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const dots = Math.max(1, Math.ceil(length * 3));
  for (let dot = 1; dot <= dots; dot++) {
    const x = from[0] + ((to[0] - from[0]) * dot) / dots;
    const y = from[1] + ((to[1] - from[1]) * dot) / dots;
    for (let at = 0; at < PIXELS; at++) {
      const far = Math.hypot((at % IMAGE_SIZE) + 0.5 - x, Math.floor(at / IMAGE_SIZE) + 0.5 - y);
      const ink = Math.min(1, Math.max(0, BRUSH + 0.5 - far));
      pixels[at] = Math.max(pixels[at]!, ink);
    }
  }
}

function show(
  canvas: HTMLCanvasElement,
  pixels: Float32Array,
  pen: readonly [number, number],
): void {
  const image = toImageData(Uint8Array.from(pixels, (value) => Math.round(value * 255)));
  const context = canvas.getContext('2d')!;
  context.putImageData(image, 0, 0);
  if (document.activeElement !== canvas) return;
  context.fillStyle = '#f28e2b';
  context.fillRect(Math.floor(pen[0]), Math.floor(pen[1]), 1, 1);
}
