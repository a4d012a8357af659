// Makes a photo small enough to send from a phone, upright, and free of where and when it was taken.

/**
 * The longest side of what is sent.
 *
 * The classifier looks at 260 px and a model that describes gets 768: 1600 leaves both enough, is as
 * sharp as a phone can show it, and makes 350 kB of a photo of 12 megapixels and 3.4 MB.
 */
export const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.85;

interface Size {
  width: number;
  height: number;
}

/** Return the size with no side longer than `longest`, and with the same proportions. */
export function scaleToFit({ width, height }: Size, longest: number = LONGEST_SIDE_PX): Size {
  const factor = Math.min(1, longest / Math.max(width, height));
  const side = (px: number) => Math.max(1, Math.round(px * factor));
  return { width: side(width), height: side(height) };
}

/**
 * Return the photo as a JPEG of at most `LONGEST_SIDE_PX`; null where this browser cannot read it,
 * as most cannot read HEIC.
 *
 * Small ones are made anew as well: what a camera writes beside the picture, the place above all,
 * stays on the device.
 */
export async function shrink(photo: Blob): Promise<Blob | null> {
  const picture = await decode(photo);
  if (!picture) return null;
  try {
    return await encode(picture);
  } finally {
    if ("close" in picture) picture.close();
  }
}

type Picture = ImageBitmap | HTMLImageElement;

async function decode(photo: Blob): Promise<Picture | null> {
  try {
    // Upright, as the camera was held.
    return await createImageBitmap(photo, { imageOrientation: "from-image" });
  } catch {
    // Some browsers show what they do not decode this way: SVG, and in Safari HEIC.
    return asElement(photo).catch(() => null);
  }
}

async function asElement(photo: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(photo);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function encode(picture: Picture): Promise<Blob | null> {
  const { width, height } = scaleToFit(sizeOf(picture));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return Promise.resolve(null);
  // What can be seen through is white to the service as well.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
}

function sizeOf(picture: Picture): Size {
  if ("naturalWidth" in picture) {
    return { width: picture.naturalWidth, height: picture.naturalHeight };
  }
  return picture;
}
