// Looks again for what others did meanwhile: when the page is seen again, and from time to time while nobody's hand is on it.

const EVERY_MS = 20_000;
/** Whoever rested for so long is not drawing. */
const REST_MS = 2_000;
/** Without a hand for so long nobody is there, and a session that nobody uses is to end. */
const GONE_MS = 15 * 60_000;
/** Coming back to a window tells of itself more than once. */
const ONCE_MS = 1_000;
const HANDS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Gives what stops it. */
export function lookAgain(look: () => Promise<void>): () => void {
  let touched = Date.now();
  let looked = touched;
  const act = () => {
    if (document.visibilityState !== 'visible' || Date.now() - looked < ONCE_MS) return;
    looked = Date.now();
    void look();
  };
  const touch = () => (touched = Date.now());
  const back = () => {
    touch();
    act();
  };
  const timer = setInterval(() => {
    const rested = Date.now() - touched;
    if (Date.now() - looked >= EVERY_MS && rested >= REST_MS && rested < GONE_MS) act();
  }, ONCE_MS);
  for (const hand of HANDS) addEventListener(hand, touch, { passive: true, capture: true });
  addEventListener('focus', back);
  document.addEventListener('visibilitychange', back);
  return () => {
    clearInterval(timer);
    for (const hand of HANDS) removeEventListener(hand, touch, { capture: true });
    removeEventListener('focus', back);
    document.removeEventListener('visibilitychange', back);
  };
}
