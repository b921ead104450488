import type { StateDict, TensorValue } from '@ae/module';
import { BYTES_PER_ELEMENT } from './dtypes.js';
import { SafetensorsError } from './error.js';
import { quote } from './header.js';
import type { Safetensors, SafetensorsTensor } from './read.js';

/**
 * The tensors of a file as values that tfjs can hold. F32, I32 and BOOL are
 * taken as they are; F16 and BF16 become float32 and small integers int32, both
 * exactly. F64, and integers beyond 32 bits, are rounded or refused:
 *
 * @throws SafetensorsError for integers that int32 cannot hold and for 8-bit floats
 */
export function toStateDict(file: Safetensors): StateDict {
  return new Map([...file.tensors].map(([name, tensor]) => [name, toValue(name, tensor)]));
}

function toValue(name: string, tensor: SafetensorsTensor): TensorValue {
  const { dtype, bytes } = tensor;
  const shape = [...tensor.shape];
  const size = bytes.length / BYTES_PER_ELEMENT[dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = (read: (at: number) => number): TensorValue => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: size }, (_, i) => read(i * BYTES_PER_ELEMENT[dtype])),
  });
  const integers = (read: (at: number) => number | bigint): TensorValue => ({
    dtype: 'int32',
    shape,
    data: Int32Array.from({ length: size }, (_, i) =>
      toInt32(name, read(i * BYTES_PER_ELEMENT[dtype])),
    ),
  });
  switch (dtype) {
    case 'F32':
      return { dtype: 'float32', shape, data: new Float32Array(bytes.slice().buffer) };
    case 'I32':
      return { dtype: 'int32', shape, data: new Int32Array(bytes.slice().buffer) };
    case 'BOOL':
      if (bytes.some((byte) => byte > 1)) {
        throw new SafetensorsError(`${quote(name)} is BOOL but has bytes other than 0 and 1.`);
      }
      return { dtype: 'bool', shape, data: bytes.slice() };
    case 'F64':
      return floats((at) => view.getFloat64(at, true));
    case 'F16':
      return floats((at) => fromHalf(view.getUint16(at, true)));
    case 'BF16':
      return floats((at) => fromBits(view.getUint16(at, true) << 16));
    case 'U8':
      return integers((at) => view.getUint8(at));
    case 'I8':
      return integers((at) => view.getInt8(at));
    case 'U16':
      return integers((at) => view.getUint16(at, true));
    case 'I16':
      return integers((at) => view.getInt16(at, true));
    case 'U32':
      return integers((at) => view.getUint32(at, true));
    case 'I64':
      return integers((at) => view.getBigInt64(at, true));
    case 'U64':
      return integers((at) => view.getBigUint64(at, true));
    default:
      throw new SafetensorsError(`${quote(name)} has the dtype ${dtype}, which tfjs cannot hold.`);
  }
}

function toInt32(name: string, value: number | bigint): number {
  const integer = Number(value);
  if (integer === (integer | 0)) return integer;
  throw new SafetensorsError(`${quote(name)} holds ${value}, which int32 cannot hold.`);
}

const bits = new DataView(new ArrayBuffer(4));

function fromBits(word: number): number {
  bits.setInt32(0, word);
  return bits.getFloat32(0);
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
