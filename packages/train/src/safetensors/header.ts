import { isDtype, type SafetensorsDtype } from './dtypes.js';
import { SafetensorsError } from './error.js';

/** One entry of the header. */
export interface TensorEntry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

export interface Header {
  readonly metadata: Map<string, string>;
  readonly tensors: Map<string, TensorEntry>;
}

/** As many axes as any real tensor has and more. */
const MOST_AXES = 64;

/**
 * Reads the JSON of a header. It accepts the one form that the format knows and
 * nothing else, in one pass: no nesting can overflow the stack, and duplicate
 * keys, which `JSON.parse` hides, are refused.
 *
 * @throws SafetensorsError at the first character that does not fit
 */
export function parseHeader(text: string): Header {
  return new HeaderParser(text).parse();
}

class HeaderParser {
  private at = 0;
  constructor(private readonly text: string) {}

  parse(): Header {
    const metadata = new Map<string, string>();
    const tensors = new Map<string, TensorEntry>();
    let metadataSeen = false;
    if (this.text[0] !== '{') this.fail("the header must begin with '{'");
    this.object((key) => {
      if (key !== '__metadata__') {
        if (tensors.has(key)) this.fail(`the name ${quote(key)} occurs twice`);
        tensors.set(key, this.entry(key));
        return;
      }
      if (metadataSeen) this.fail('"__metadata__" occurs twice');
      metadataSeen = true;
      this.object((name) => {
        if (metadata.has(name)) this.fail(`the metadata key ${quote(name)} occurs twice`);
        metadata.set(name, this.string());
      });
    });
    this.space();
    if (this.at < this.text.length) this.fail('something follows the header object');
    return { metadata, tensors };
  }

  private entry(name: string): TensorEntry {
    let dtype: SafetensorsDtype | undefined;
    let shape: number[] | undefined;
    let offsets: number[] | undefined;
    const once = (value: unknown, key: string): void => {
      if (value !== undefined) this.fail(`${quote(name)} has "${key}" twice`);
    };
    this.object((key) => {
      if (key === 'dtype') {
        once(dtype, key);
        const given = this.string();
        if (!isDtype(given)) this.fail(`${quote(name)} has the unknown dtype ${quote(given)}`);
        dtype = given;
      } else if (key === 'shape') {
        once(shape, key);
        shape = this.integers(MOST_AXES);
      } else if (key === 'data_offsets') {
        once(offsets, key);
        offsets = this.integers(2);
      } else this.fail(`${quote(name)} has the unknown key ${quote(key)}`);
    });
    if (dtype === undefined || shape === undefined || offsets?.length !== 2) {
      return this.fail(`${quote(name)} needs "dtype", "shape" and two "data_offsets"`);
    }
    return { dtype, shape, start: offsets[0]!, end: offsets[1]! };
  }

  private object(member: (key: string) => void): void {
    this.expect('{');
    if (this.next() === '}') {
      this.at++;
      return;
    }
    for (;;) {
      const key = this.string();
      if (key.split('/').includes('__proto__')) this.fail('the key "__proto__" is not allowed');
      this.expect(':');
      member(key);
      if (this.next() !== ',') break;
      this.at++;
    }
    this.expect('}');
  }

  private integers(most: number): number[] {
    const values: number[] = [];
    this.expect('[');
    if (this.next() === ']') {
      this.at++;
      return values;
    }
    for (;;) {
      values.push(this.integer());
      if (values.length > most) this.fail(`a list may have at most ${most} numbers here`);
      if (this.next() !== ',') break;
      this.at++;
    }
    this.expect(']');
    return values;
  }

  private integer(): number {
    this.space();
    const start = this.at;
    let value = 0;
    for (let digit = this.digit(); digit >= 0 && value <= Number.MAX_SAFE_INTEGER; ) {
      value = value * 10 + digit;
      this.at++;
      digit = this.digit();
    }
    const digits = this.at - start;
    const leadingZero = digits > 1 && this.text[start] === '0';
    if (digits === 0 || leadingZero || !Number.isSafeInteger(value)) {
      this.fail('a size must be an integer from 0 to 2^53 - 1');
    }
    return value;
  }

  /** The digit here; negative (or NaN at the end) if there is none. */
  private digit(): number {
    const digit = this.text.charCodeAt(this.at) - 0x30;
    return digit <= 9 ? digit : -1;
  }

  private string(): string {
    if (this.next() !== '"') this.fail(`'"' expected`);
    const start = this.at;
    const end = this.endOfString();
    this.at = end;
    const value = this.unescaped(start, end);
    if (/\p{Surrogate}/u.test(value)) this.fail('a string is not valid Unicode');
    return value;
  }

  private unescaped(start: number, end: number): string {
    const raw = this.text.slice(start + 1, end - 1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
    if (!/[\\\u0000-\u001f]/.test(raw)) return raw;
    try {
      return JSON.parse(this.text.slice(start, end)) as string;
    } catch {
      return this.fail('a string is not valid JSON');
    }
  }

  /** The place after the closing quote; backslashes protect quotes. */
  private endOfString(): number {
    for (let from = this.at + 1; ; ) {
      const quote = this.text.indexOf('"', from);
      if (quote < 0) this.fail('a string has no end');
      let backslashes = 0;
      while (this.text[quote - 1 - backslashes] === '\\') backslashes++;
      if (backslashes % 2 === 0) return quote + 1;
      from = quote + 1;
    }
  }

  private expect(character: string): void {
    if (this.next() !== character) this.fail(`'${character}' expected`);
    this.at++;
  }

  private next(): string | undefined {
    this.space();
    return this.text[this.at];
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private fail(problem: string): never {
    throw new SafetensorsError(`${problem} (at character ${this.at} of the header).`);
  }
}

/** A name for a message: quoted, and short even when the name is not. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
}
