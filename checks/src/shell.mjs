import { execFile } from 'node:child_process';

const LIMIT_MS = 300_000;

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard output
 * @throws Error with what it said, when it does not end well
 */
export function sh(program, args, { cwd, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      maxBuffer: 2 ** 26,
      timeout: LIMIT_MS,
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
        return;
      }
      const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n');
      reject(
        new Error(`${program} ${args.join(' ')}: exit ${error.code ?? error.signal}\n${said}`),
      );
    });
  });
}
