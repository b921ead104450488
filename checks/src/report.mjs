/** Counts what held and what did not, and says how long each took. */
let passed = 0;
const failures = [];

/** Runs one check; a check that throws has failed, and the others still run. */
export async function check(name, run) {
  const start = performance.now();
  try {
    const result = await run();
    passed++;
    console.log(`  ok    ${name} (${seconds(start)} s)`);
    return result;
  } catch (error) {
    failures.push(name);
    const message = String(error?.message ?? error).trimEnd();
    console.log(
      `  FAIL  ${name} (${seconds(start)} s)\n        ${message.replaceAll('\n', '\n        ')}`,
    );
    return undefined;
  }
}

export function section(title) {
  console.log(`\n${title}`);
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** The closing line; sets the exit code. */
export function finish() {
  for (const name of failures) console.log(`failed: ${name}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

const seconds = (start) => ((performance.now() - start) / 1000).toFixed(1);
