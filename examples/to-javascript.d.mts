export function exampleNames(): string[];
export function toJavaScript(name: string): string;
