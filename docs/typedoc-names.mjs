import { Converter, ReflectionKind } from 'typedoc';

/** Gives modules the names that they are imported by, and documents those of their headings. */
export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = module.name.replace(/^([\w-]+)\/src(\/index)?/, '@ae/$1');
    }
    for (const document of project.getReflectionsByKind(ReflectionKind.Document)) {
      const text = document.content.map((part) => part.text).join('');
      const heading = /^# (.*)$/m.exec(text)?.[1] ?? document.name;
      document.name = heading.replace(/^@ae\/(.*)$/, 'README of @ae/$1');
    }
  });
}
