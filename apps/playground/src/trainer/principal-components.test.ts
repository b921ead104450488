import { fillNormal } from '@ae/random';
import { principalPlane, project, unproject } from './principal-components.js';

test('finds the plane in which points lie, and leads back to them', () => {
  const [size, count] = [7, 300];
  const noise = fillNormal(1, new Float32Array(count * 2));
  const codes = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) {
      codes[row * size + i] = 2 + 3 * noise[row * 2]! * Math.sin(i) + noise[row * 2 + 1]! * (i % 2);
    }
  }
  const plane = principalPlane(codes, size);
  expect(plane.explained).toBeCloseTo(1, 4);
  const points = project(codes, plane);
  for (const row of [0, 17, 299]) {
    const back = unproject(points[row * 2]!, points[row * 2 + 1]!, plane);
    for (let i = 0; i < size; i++) expect(back[i]).toBeCloseTo(codes[row * size + i]!, 3);
  }
});

test('codes of two numbers are shown as they are', () => {
  const codes = Float32Array.of(1, 2, 3, 4);
  const plane = principalPlane(codes, 2);
  expect(project(codes, plane)).toEqual(codes);
  expect(unproject(5, 6, plane)).toEqual(Float32Array.of(5, 6));
});
