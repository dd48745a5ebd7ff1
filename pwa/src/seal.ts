/** A PIN is sealed to the office's key as it is typed. Nothing on this phone can open it again. */

export interface SealKey {
  id: string;
  /** SubjectPublicKeyInfo, base64. */
  public: string;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64Of = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** For one act of one session by one command (lone_working/phone/sealing.py says the same). */
export async function seal(to: SealKey, act: string, session: string, command: string, pin: string): Promise<string> {
  const key = await crypto.subtle.importKey('spki', bytesOf(to.public), { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['encrypt']);
  const text = new TextEncoder();
  const label = text.encode(`${act} ${session} ${command}`);
  const sealed = await crypto.subtle.encrypt({ name: 'RSA-OAEP', label }, key, text.encode(pin));
  return `${to.id}.${base64Of(sealed)}`;
}
