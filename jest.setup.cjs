// tfjs's CPU backend advertises another package at its first tensor in Node. Here it is the
// reference that results are compared with, and the advertisement would hide real warnings.
const warn = console.warn.bind(console);
console.warn = (...args) => {
  if (!String(args[0]).includes('looks like you are running TensorFlow.js in Node.js'))
    warn(...args);
};

// A guard against hanging, not a limit on speed: machines that run tests are often busy.
jest.setTimeout(120_000);
