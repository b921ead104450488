import { existsSync, readdirSync } from 'node:fs';

const projects = ['packages', 'apps']
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .concat('examples')
  .filter((folder) => existsSync(`${folder}/jest.config.mjs`))
  .map((folder) => `<rootDir>/${folder}`);

export default { projects };
