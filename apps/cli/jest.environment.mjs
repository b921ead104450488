// The pictures are drawn with packages that exist as ES modules only, which
// Jest cannot load: their tests import the built files as Node itself does.
import SharedRealmEnvironment from '../../jest.environment.cjs';

export default class CliEnvironment extends SharedRealmEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.importByNode = (specifier) => import(specifier);
  }
}
