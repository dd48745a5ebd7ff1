/** Just enough of JPEG and PNG to know a picture's size before decoding it, and where its EXIF is. */

export interface Outline {
  width: number;
  height: number;
  /** Offset of the TIFF block inside the file, when there is EXIF. */
  exif: number | null;
  /** Anything that says who, where or with what: EXIF, XMP, IPTC. */
  carriesMeta: boolean;
  kind: 'jpeg' | 'png';
}

const START_OF_FRAME = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

export function outline(bytes: ArrayBuffer): Outline | null {
  const view = new DataView(bytes);
  try {
    if (view.getUint16(0) === 0xffd8) return jpeg(view);
    if (view.getUint32(0) === 0x89504e47) {
      return { width: view.getUint32(16), height: view.getUint32(20), exif: null, carriesMeta: true, kind: 'png' };
    }
  } catch (error) {
    // Cut short: the decoder will say what is to be done with it.
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

function jpeg(view: DataView): Outline | null {
  let exif: number | null = null;
  let carriesMeta = false;
  for (let at = 2; at < view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (START_OF_FRAME.has(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { width, height, exif, carriesMeta, kind: 'jpeg' };
    }
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) exif ??= at + 10;
    carriesMeta ||= marker === 0xe1 || marker === 0xed || marker === 0xfe;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
