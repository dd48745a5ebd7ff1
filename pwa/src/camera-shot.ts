/** One photo of what the live picture shows, cut to the shape of the old one so that the two can lie over each other. */

interface Part { x: number; y: number; width: number; height: number }

interface Sensor { takePhoto: () => Promise<Blob> }

/** As large as a photo is kept: pwa/src/shrink.ts leaves such a one as it is. */
const LONG_EDGE = 2048;
const QUALITY = 0.85;
/** A phone that has not taken it by now will not. */
const SENSOR_MS = 4_000;

/** The middle of a picture, as large as it can be in this shape. */
export function middle({ x, y, width, height }: Part, ratio: number): Part {
  const wide = Math.min(width, height * ratio);
  const high = wide / ratio;
  return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
}

/**
 * The sensor's own photo is sharper than a frame of the live picture, but may show more at the edges than was seen. With
 * the light on it is the frame: taking a photo puts the light out on some phones.
 */
export async function takeShot(video: HTMLVideoElement, track: MediaStreamTrack, ratio: number, lit: boolean): Promise<Blob> {
  const live = video.videoWidth / video.videoHeight;
  const still = lit ? null : await stillOf(track, live);
  const whole = still
    ? { x: 0, y: 0, width: still.naturalWidth, height: still.naturalHeight }
    : { x: 0, y: 0, width: video.videoWidth, height: video.videoHeight };
  return cut(still ?? video, middle(middle(whole, live), ratio));
}

/** Null where there is none, where it takes too long, and where it lies on its side. */
async function stillOf(track: MediaStreamTrack, live: number): Promise<HTMLImageElement | null> {
  if (!('ImageCapture' in window)) return null;
  const Sensors = window.ImageCapture as new (track: MediaStreamTrack) => Sensor;
  const image = new Image();
  try {
    const late = new Promise<null>((done) => setTimeout(() => done(null), SENSOR_MS));
    const blob = await Promise.race([new Sensors(track).takePhoto(), late]);
    if (!blob?.size) return null;
    image.src = URL.createObjectURL(blob);
    await image.decode();
    return image.naturalWidth > image.naturalHeight === live > 1 ? image : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

function cut(source: CanvasImageSource, { x, y, width, height }: Part): Promise<Blob> {
  const scale = Math.min(1, LONG_EDGE / Math.max(width, height));
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext('2d', { alpha: false })!.drawImage(source, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => {
      // Some phones keep a canvas's memory until it is made tiny.
      canvas.width = canvas.height = 0;
      if (blob?.size) done(blob);
      else fail(new Error('The picture came out empty.'));
    }, 'image/jpeg', QUALITY),
  );
}
