import { useRef, useState } from 'preact/hooks';
import type { TrainerClient } from '../trainer/client.js';
import { type Anomaly, PIXELS } from '../trainer/protocol.js';
import { DrawPad } from './draw-pad.js';
import { ImageRows } from './image-row.js';
import { readImages } from './read-images.js';
import type { Notice } from './use-trainer.js';

const MOST_SHOWN = 10;
const BLACK = [{ count: 1, pixels: new Uint8Array(PIXELS) }];

/** Draw a digit or drop images, and see what the model makes of them. */
export function TryIt(props: {
  client: () => TrainerClient;
  onImages: (count: number) => void;
  notify: (notice: Notice) => void;
}) {
  const { client, onImages, notify } = props;
  const [result, setResult] = useState<Anomaly>();
  const [over, setOver] = useState(false);
  const newest = useRef(0);

  const look = async (pixels: Float32Array): Promise<void> => {
    const asked = ++newest.current;
    const answer = await client().api.reconstruct(pixels);
    // Answers of older strokes must not replace that of a newer one.
    if (asked === newest.current) setResult(answer);
  };

  const take = async (files: FileList | null): Promise<void> => {
    if (files === null || files.length === 0) return;
    try {
      const pixels = await readImages([...files]);
      onImages(await client().api.addImages(pixels));
      await look(pixels.slice(0, MOST_SHOWN * PIXELS));
    } catch (error) {
      notify({ kind: 'error', text: error instanceof Error ? error.message : String(error) });
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has the file field as its equal
    <div
      class={over ? 'try-it over' : 'try-it'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files ?? null);
      }}
    >
      <DrawPad onDraw={(pixels) => void look(pixels)} />
      <div class="seen">
        <div class="seen-images">
          <ImageRows
            rows={result === undefined ? BLACK : [result.reconstructions]}
            label="What the model makes of it"
          />
        </div>
        <output class="score">{result === undefined ? 'Draw a digit.' : verdict(result)}</output>
        <label class="file">
          <input
            type="file"
            accept="image/*"
            multiple
            onChange={(event) => void take(event.currentTarget.files)}
          />
          <span>Choose images, or drop them here</span>
        </label>
      </div>
    </div>
  );
}

function verdict({ errors, rank }: Anomaly): string {
  const error = errors[0]!.toPrecision(3);
  const percent = Math.round(rank * 100);
  return `Error ${error}: ${percent} % of the test digits are reconstructed better.`;
}
