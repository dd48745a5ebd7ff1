/** The live picture: one stream at a time, its light, and letting go of both. */

export type Facing = 'environment' | 'user';

/** Not in the language's own lists: https://w3c.github.io/mediacapture-image/#mediatrackcapabilities-section */
type Lit = MediaTrackCapabilities & { torch?: boolean };

/** A little over what is kept of a photo, so that a cut to the old one's shape loses nothing. */
const SIZE = { width: { ideal: 2560 }, height: { ideal: 1920 } };

export function makeLive(video: HTMLVideoElement, onEnded: () => void) {
  let stream: MediaStream | null = null;
  let turn = 0;

  const track = (): MediaStreamTrack | null => stream?.getVideoTracks()[0] ?? null;

  function stop(): void {
    turn += 1;
    for (const one of stream?.getTracks() ?? []) one.stop();
    stream = null;
    video.srcObject = null;
  }

  /** Null when it was stopped while the phone, or its owner, was still being asked. */
  async function start(facing: Facing): Promise<MediaStreamTrack | null> {
    stop();
    const mine = turn;
    if (!navigator.mediaDevices) throw new DOMException('', 'SecurityError');
    const got = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: facing }, ...SIZE } });
    if (mine !== turn) {
      for (const one of got.getTracks()) one.stop();
      return null;
    }
    stream = got;
    // Said only when another app or the phone ends it, never for our own stop.
    track()!.addEventListener('ended', onEnded);
    video.srcObject = got;
    await video.play().catch((error: unknown) => {
      if (mine === turn) throw error;
    });
    return mine === turn ? track() : null;
  }

  const hasLight = (): boolean => Boolean((track()?.getCapabilities?.() as Lit | undefined)?.torch);

  async function light(on: boolean): Promise<boolean> {
    try {
      await track()?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
      return true;
    } catch {
      return false;
    }
  }

  const hasOther = async (): Promise<boolean> =>
    (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput').length > 1;

  return { start, stop, track, hasLight, light, hasOther };
}

/** Why there is no live picture, in words. */
export function troubleIn(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'This phone does not let Doorstep use the camera.';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'No camera was found.';
  if (name === 'NotReadableError' || name === 'AbortError') return 'The camera is busy in another app.';
  return 'The live picture cannot be shown here.';
}
