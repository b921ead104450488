import { useEffect, useState } from 'preact/hooks';
import type { TrainerClient } from '../trainer/client.js';
import type { CodeMap, Images } from '../trainer/protocol.js';
import { ImageRows } from './image-row.js';

const STEPS = 10;
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const BLACK: Images = { count: STEPS, pixels: new Uint8Array(STEPS * 28 * 28) };

/** From one digit to another through the code space. */
export function Interpolation(props: { map: CodeMap | undefined; client: () => TrainerClient }) {
  const { map, client } = props;
  const [from, setFrom] = useState(3);
  const [to, setTo] = useState(8);
  const [images, setImages] = useState(BLACK);
  useEffect(() => {
    if (map === undefined) return;
    let wanted = true;
    const first = (digit: number): number => map.labels.indexOf(digit);
    void client()
      .api.interpolate(first(from), first(to), STEPS)
      .then((result) => {
        if (wanted) setImages(result);
      });
    return () => {
      wanted = false;
    };
  }, [map, from, to, client]);
  return (
    <div class="interpolation">
      <div class="between">
        <DigitChoice label="From" value={from} onChange={setFrom} />
        <DigitChoice label="to" value={to} onChange={setTo} />
      </div>
      <ImageRows rows={[images]} label={`From a ${from} to a ${to} in ${STEPS} images`} />
    </div>
  );
}

function DigitChoice(props: { label: string; value: number; onChange: (digit: number) => void }) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      >
        {DIGITS.map((digit) => (
          <option key={digit} value={digit}>
            {digit}
          </option>
        ))}
      </select>
    </label>
  );
}
