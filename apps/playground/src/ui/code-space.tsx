import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TrainerClient } from '../trainer/client.js';
import type { CodeMap, Images } from '../trainer/protocol.js';
import { ARROW_KEYS } from './arrow-keys.js';
import { DIGIT_COLORS } from './digit-colors.js';
import { ImageRows } from './image-row.js';

const SIZE = 360;
const MARGIN = 14;
const BLACK: Images = { count: 1, pixels: new Uint8Array(28 * 28) };

/** The codes of test images in two dimensions; a place in it can be turned into an image. */
export function CodeSpace({
  map,
  client,
}: {
  map: CodeMap | undefined;
  client: () => TrainerClient;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useMemo(() => scaleOf(map), [map]);
  /** In pixels of the canvas. */
  const [place, setPlace] = useState<[number, number]>([SIZE / 2, SIZE / 2]);
  const [decoded, setDecoded] = useState(BLACK);

  useLayoutEffect(() => drawMap(canvas.current!, map, scale, place), [map, scale, place]);

  useEffect(() => {
    if (map === undefined) return;
    let wanted = true;
    const [x, y] = scale.toCode(place);
    void client()
      .api.decodePoint(x, y)
      .then((image) => {
        if (wanted) setDecoded(image);
      });
    return () => {
      wanted = false;
    };
  }, [map, scale, place, client]);

  const follow = (event: PointerEvent): void => {
    if (event.buttons === 0 && event.type !== 'pointerdown') return;
    const box = canvas.current!.getBoundingClientRect();
    setPlace([
      clamp(((event.clientX - box.left) / box.width) * SIZE),
      clamp(((event.clientY - box.top) / box.height) * SIZE),
    ]);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = ARROW_KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const far = event.shiftKey ? 30 : 8;
    setPlace(([x, y]) => [clamp(x + move[0] * far), clamp(y + move[1] * far)]);
  };

  return (
    <div class="code-space">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a point in a plane has no element of its own */}
      <canvas
        ref={canvas}
        class="map"
        width={SIZE}
        height={SIZE}
        tabIndex={0}
        role="application"
        aria-label="Code space of the test digits. Arrow keys move the point that is decoded."
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          follow(event);
        }}
        onPointerMove={follow}
        onKeyDown={onKeyDown}
      />
      <div class="decoded">
        <ImageRows rows={[decoded]} label="The image at the chosen point" />
        <p>The image at this point. Drag in the map, or use the arrow keys.</p>
        <ol class="legend" aria-label="Colours of the digits">
          {DIGIT_COLORS.map((color, digit) => (
            <li key={color}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <circle cx="5" cy="5" r="5" fill={color} />
              </svg>
              {digit}
            </li>
          ))}
        </ol>
        {map !== undefined && map.explained < 0.999 && (
          <p class="hint">
            The two directions in which codes differ most show {Math.round(map.explained * 100)} %
            of how they differ. A code of size 2 is shown whole.
          </p>
        )}
      </div>
    </div>
  );
}

type Scale = {
  toCanvas(x: number, y: number): [number, number];
  toCode(place: readonly [number, number]): [number, number];
};

/** Fits all points into the canvas, with the same scale on both axes. */
function scaleOf(map: CodeMap | undefined): Scale {
  let [left, right, top, bottom] = [-1, 1, -1, 1];
  for (let i = 0; map !== undefined && i < map.points.length; i += 2) {
    left = Math.min(left, map.points[i]!);
    right = Math.max(right, map.points[i]!);
    top = Math.min(top, map.points[i + 1]!);
    bottom = Math.max(bottom, map.points[i + 1]!);
  }
  const zoom = (SIZE - 2 * MARGIN) / Math.max(right - left, bottom - top);
  const middle = [(left + right) / 2, (top + bottom) / 2] as const;
  return {
    toCanvas: (x, y) => [SIZE / 2 + (x - middle[0]) * zoom, SIZE / 2 + (y - middle[1]) * zoom],
    toCode: ([x, y]) => [middle[0] + (x - SIZE / 2) / zoom, middle[1] + (y - SIZE / 2) / zoom],
  };
}

function drawMap(
  canvas: HTMLCanvasElement,
  map: CodeMap | undefined,
  scale: Scale,
  place: readonly [number, number],
): void {
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, SIZE, SIZE);
  context.globalAlpha = 0.75;
  for (let i = 0; map !== undefined && i < map.labels.length; i++) {
    context.fillStyle = DIGIT_COLORS[map.labels[i]!]!;
    const [x, y] = scale.toCanvas(map.points[2 * i]!, map.points[2 * i + 1]!);
    context.beginPath();
    context.arc(x, y, 2.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  // Two rings, one of which shows on any ground.
  for (const [color, radius] of [
    ['#000', 9],
    ['#fff', 7],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(place[0], place[1], radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

function clamp(value: number): number {
  return Math.min(SIZE, Math.max(0, value));
}
