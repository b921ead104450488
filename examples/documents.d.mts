export const ROOT: string;
export function documents(): { name: string; text: string }[];
export function codeBlocks(text: string): { line: number; code: string }[];
export function links(text: string): string[];
export function anchors(text: string): string[];
export function target(name: string, address: string): string;
