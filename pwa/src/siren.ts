/**
 * What makes an alarm heard on a manager's wall: two tones while nobody has it, and the title of the page. No browser lets a page
 * sound before somebody has pressed something on it, so until then the page says that it cannot. Whoever is out alone
 * themselves hears nothing: their phone must not sound beside whoever they are with.
 */

import './shared';

const EVERY_MS = 1_500;
const TONES = [880, 660] as const;
const TONE_SECONDS = 0.28;

export class Siren {
  private readonly place = document.querySelector<HTMLElement>('[data-siren]');
  private readonly title = document.title;
  private audio: AudioContext | null = null;
  private timer = 0;
  private turn = false;
  private known: Set<string> | null = null;

  constructor() {
    if (!this.place) return;
    this.place.addEventListener('click', () => void this.unlock());
    // Any press on this page is leave enough for the browser. Once it is over: the notice goes then, and what is below it
    // would move away under a finger that is still down.
    document.addEventListener('click', () => void this.unlock(), { capture: true });
    document.addEventListener('keydown', () => void this.unlock(), { capture: true });
    this.say();
  }

  /** The board was drawn anew. */
  look(): void {
    const alarms = [...document.querySelectorAll<HTMLElement>('#board [data-alarm]')];
    for (const form of document.querySelectorAll<HTMLElement>('[data-silence]')) form.hidden = !this.place;
    this.tell(alarms);
    const sounds = this.sounding(alarms);
    if (sounds.length && !this.timer) this.timer = window.setInterval(() => this.beat(), EVERY_MS);
    if (sounds.length) this.beat();
    else this.quiet();
  }

  private sounding(alarms: HTMLElement[]): HTMLElement[] {
    const mayNot = !this.place || document.querySelector('#safety-bar[data-safety]');
    return mayNot ? [] : alarms.filter((one) => one.dataset['sounds'] !== undefined);
  }

  private quiet(): void {
    clearInterval(this.timer);
    this.timer = 0;
    document.title = this.title;
  }

  private beat(): void {
    const sounds = this.sounding([...document.querySelectorAll<HTMLElement>('#board [data-alarm]')]);
    if (!sounds.length) return this.quiet();
    this.turn = !this.turn;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const alarm = `ALARM: ${sounds[0]!.dataset['who'] ?? ''}`;
    document.title = still || this.turn ? alarm : this.title;
    this.sound();
  }

  private sound(): void {
    const audio = this.audio;
    if (audio?.state !== 'running') return this.say();
    TONES.forEach((pitch, place) => {
      const from = audio.currentTime + place * TONE_SECONDS;
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0, from);
      loud.gain.linearRampToValueAtTime(0.4, from + 0.02);
      loud.gain.linearRampToValueAtTime(0, from + TONE_SECONDS);
      tone.connect(loud).connect(audio.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    });
  }

  private async unlock(): Promise<void> {
    if (this.audio?.state === 'running') return;
    try {
      this.audio ??= new AudioContext();
      await this.audio.resume();
    } catch {
      // A device without sound: the notice stays, and says so.
    }
    this.say();
  }

  private say(): void {
    const isOn = this.audio?.state === 'running';
    for (const one of this.place?.querySelectorAll<HTMLElement>('[data-when-sound]') ?? []) {
      one.hidden = (one.dataset['whenSound'] === 'on') !== isOn;
    }
  }

  /** Aloud by a screen reader: each alarm once, when it comes. What is there when the page opens is read with the page. */
  private tell(alarms: HTMLElement[]): void {
    const place = document.querySelector('[data-alarm-said]');
    const words = new Map(alarms.map((one) => [`${one.dataset['alarm']} ${one.dataset['words']}`, one]));
    const fresh = this.known ? [...words].filter(([key]) => !this.known!.has(key)) : [];
    this.known = new Set(words.keys());
    if (place && fresh.length) {
      place.textContent = fresh.map(([, one]) => `Alarm: ${one.dataset['who']}. ${one.dataset['words']}.`).join(' ');
    }
  }
}
