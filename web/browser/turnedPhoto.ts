// A photo as phones store it when they are held upside down: turned, with a note on how to turn it back.
import { readFile } from "node:fs/promises";

import type { Page } from "playwright-core";

const JPEG_START_BYTES = 2;
// EXIF with one entry: orientation (0x0112) 3, turned by 180 degrees (TIFF 6.0, big-endian).
const TURNED_BY_180 = Buffer.from(
  `ffe10022${Buffer.from("Exif\0\0MM\0*").toString("hex")}00000008000101120003000000010003000000000000`,
  "hex",
);

/** Make it of `path`, with 12 megapixels as phones make them; the browser does the turning. */
export async function turnedPhoto(page: Page, path: string): Promise<Buffer> {
  const upright = await readFile(path, "base64");
  const turned = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    const canvas = new OffscreenCanvas(4000, 3000);
    const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    context.translate(4000, 3000);
    context.rotate(Math.PI);
    context.drawImage(picture, 0, 0, 4000, 3000);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
      reader.readAsDataURL(blob);
    });
  }, upright);
  const jpeg = Buffer.from(turned, "base64");
  return Buffer.concat([
    jpeg.subarray(0, JPEG_START_BYTES),
    TURNED_BY_180,
    jpeg.subarray(JPEG_START_BYTES),
  ]);
}

/** How much the picture that is shown differs from a photo as it should be, and from it turned. */
export async function differences(page: Page, path: string) {
  const upright = await readFile(path, "base64");
  const shown = page.getByRole("img", { name: "What you chose" });
  return shown.evaluate(async (image, base64) => {
    const side = 16;
    const pixels = (picture: CanvasImageSource) => {
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
      context.imageSmoothingQuality = "high";
      context.drawImage(picture, 0, 0, side, side);
      return [...context.getImageData(0, 0, side, side).data].filter((_, at) => at % 4 === 0);
    };
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const wanted = pixels(await createImageBitmap(new Blob([bytes], { type: "image/jpeg" })));
    const seen = pixels(image as HTMLImageElement);
    const apart = (one: number[], other: number[]) =>
      one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0);
    return { upright: apart(seen, wanted), turned: apart(seen, wanted.toReversed()) };
  }, upright);
}

/** Let a file fall onto the page, as from a folder beside the browser. */
export async function drop(page: Page, content: Buffer, name: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ base64, name }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
      return transfer;
    },
    { base64: content.toString("base64"), name },
  );
  const target = page.getByRole("main");
  await target.dispatchEvent("dragover", { dataTransfer: transfer });
  await target.dispatchEvent("drop", { dataTransfer: transfer });
}
