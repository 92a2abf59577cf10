const LOW_BITS = 21;

/** 53 bits of a response's key, which a number holds exactly. Two keys may share it, so the key itself is compared too. */
export function hashOf(key: string): number {
  // Two FNV-1a sums side by side, over different primes.
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b);
  }
  return (high >>> 0) * 2 ** LOW_BITS + ((low ^ (low >>> 13)) >>> (32 - LOW_BITS));
}
