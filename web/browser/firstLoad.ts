// What the first look at the page costs, read off the build.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

export interface Size {
  kind: "JS" | "CSS" | "JSON" | "HTML" | "others";
  name: string;
  /** Whether it is fetched before anything is shown. */
  first: boolean;
  bytes: number;
  gzip: number;
  brotli: number;
}

const KINDS: Record<string, Size["kind"]> = {
  js: "JS",
  css: "CSS",
  json: "JSON",
  html: "HTML",
};
// Beside the page, not a part of it.
const NEVER_FETCHED = ["licences.txt"];

/** The files of a build, the largest first. */
export async function sizes(dist: string): Promise<Size[]> {
  const html = await readFile(join(dist, "index.html"), "utf8");
  const named = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path);
  const files = await readdir(dist, { recursive: true, withFileTypes: true });
  const all = await Promise.all(
    files
      .filter((file) => file.isFile() && !NEVER_FETCHED.includes(file.name))
      .map(async ({ name, parentPath }) => {
        const path = join(parentPath, name);
        const content = await readFile(path);
        const relative = path.slice(dist.length + 1);
        return {
          kind: KINDS[name.split(".").at(-1) ?? ""] ?? "others",
          name: relative,
          first: relative === "index.html" || named.includes(relative),
          bytes: content.length,
          gzip: gzipSync(content, { level: 6 }).length,
          brotli: brotliCompressSync(content).length,
        } satisfies Size;
      }),
  );
  return all.sort((one, other) => other.gzip - one.gzip);
}

export function total(of: Size[], by: "bytes" | "gzip" | "brotli"): number {
  return of.reduce((sum, size) => sum + size[by], 0);
}
