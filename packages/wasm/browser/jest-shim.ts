// As much of Jest as the tests of the kernels use, for running them in a page.
import { expect } from 'expect';

type Step = () => unknown;
type Hook = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

interface Block {
  name: string;
  parent: Block | undefined;
  hooks: Record<Hook, Step[]>;
  children: (Block | Test)[];
}

interface Test {
  name: string;
  body: Step;
}

/** What a run of all tests has found. */
export interface Report {
  passed: string[];
  failed: { name: string; message: string }[];
}

const newBlock = (name: string, parent?: Block): Block => ({
  name,
  parent,
  hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
  children: [],
});

const root = newBlock('');
let current = root;

function describe(name: string, define: () => void): void {
  const block = newBlock(name, current);
  current.children.push(block);
  current = block;
  define();
  current = block.parent!;
}

function test(name: string, body: Step): void {
  current.children.push({ name, body });
}

/** `each(table)(name, f)`: once for each row, `%s` and the like in the name replaced in order. */
function each<Body extends (...row: never[]) => unknown>(
  add: (name: string, body: () => unknown) => void,
) {
  return (table: readonly unknown[]) => (name: string, body: Body) => {
    for (const entry of table) {
      const row = Array.isArray(entry) ? entry : [entry];
      let next = 0;
      const title = name.replace(/%[spdijfo]/g, () => {
        const value = row[next++];
        return typeof value === 'string' ? value : JSON.stringify(value);
      });
      add(title, () => body(...(row as never[])));
    }
  };
}

const hook = (kind: Hook) => (step: Step) => current.hooks[kind].push(step);
const skipped = () => {};

Object.assign(globalThis, {
  expect,
  describe: Object.assign(describe, { each: each(describe), skip: skipped }),
  test: Object.assign(test, { each: each(test), skip: skipped }),
  it: Object.assign(test, { each: each(test), skip: skipped }),
  beforeAll: hook('beforeAll'),
  afterAll: hook('afterAll'),
  beforeEach: hook('beforeEach'),
  afterEach: hook('afterEach'),
  jest: { setTimeout: skipped },
});

/** Adds the tests that `define` declares under the name of their file. */
export async function file(name: string, define: () => Promise<unknown>): Promise<void> {
  current = newBlock(name, root);
  root.children.push(current);
  await define();
  current = root;
}

/** Runs every test that was added. */
export async function run(): Promise<Report> {
  const report: Report = { passed: [], failed: [] };
  await runBlock(root, '', [], [], report);
  return report;
}

async function runBlock(
  block: Block,
  path: string,
  before: readonly Step[],
  after: readonly Step[],
  report: Report,
): Promise<void> {
  const name = `${path} ${block.name}`.trim();
  const beforeEach = [...before, ...block.hooks.beforeEach];
  const afterEach = [...block.hooks.afterEach, ...after];
  const attempt = async (title: string, steps: readonly Step[]): Promise<boolean> => {
    try {
      for (const step of steps) await step();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      report.failed.push({ name: `${name} ${title}`, message });
      return false;
    }
  };
  if (!(await attempt('beforeAll', block.hooks.beforeAll))) return;
  for (const child of block.children) {
    if ('children' in child) await runBlock(child, name, beforeEach, afterEach, report);
    else if (await attempt(child.name, [...beforeEach, child.body, ...afterEach])) {
      report.passed.push(`${name} ${child.name}`);
    }
  }
  await attempt('afterAll', block.hooks.afterAll);
}
