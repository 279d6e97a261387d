// @ts-check
/** What a door hears: two rising tones for whoever may come in, a low one for who may not, one for a scan that waits. */
import { keep, kept } from "./door-storage.js";

const MUTED = "door.muted";
const TONES = {
  good: [[880, 0, 0.09], [1320, 0.1, 0.14]],
  bad: [[196, 0, 0.18], [147, 0.2, 0.32]],
  waiting: [[587, 0, 0.2]],
};

/** @type {AudioContext | undefined} */
let context;

/** Browsers let a page sound only after somebody has touched it. */
export function startSound() {
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => void wake(), { capture: true });
}

export const isMuted = () => Boolean(kept(MUTED));

/** @param {boolean} muted */
export const setMuted = (muted) => keep(MUTED, muted);

/** @param {keyof TONES} meaning */
export function sound(meaning) {
  if (isMuted() || context?.state !== "running") return;
  for (const [frequency, delay, length] of TONES[meaning]) {
    const oscillator = new OscillatorNode(context, { type: meaning === "bad" ? "square" : "sine", frequency });
    const volume = new GainNode(context, { gain: 0.25 });
    const start = context.currentTime + delay;
    volume.gain.setTargetAtTime(0, start + length * 0.7, 0.02);  // without it the end clicks
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + length + 0.1);
  }
}

async function wake() {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
  } catch {
    // No sound on this machine: colour and words say the same.
  }
}
