export interface Claim {
  name: string;
  /** Any one of these would do; no two claims may have the same. */
  candidates: readonly number[];
}

/** Gives each claim its own candidate (augmenting paths); answers the names of the claims that cannot have one. */
export function matchAll(claims: readonly Claim[]): string[] {
  const owner = new Map<number, number>();
  const left: string[] = [];
  claims.forEach((claim, index) => {
    if (!place(claims, owner, index, new Set())) left.push(claim.name);
  });
  return left;
}

function place(claims: readonly Claim[], owner: Map<number, number>, index: number, tried: Set<number>): boolean {
  for (const candidate of claims[index]?.candidates ?? []) {
    if (tried.has(candidate)) continue;
    tried.add(candidate);
    const holder = owner.get(candidate);
    if (holder === undefined || place(claims, owner, holder, tried)) {
      owner.set(candidate, index);
      return true;
    }
  }
  return false;
}
