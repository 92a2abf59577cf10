/** A failure whose message is all the person needs: printed without a stack. */
export class Refusal extends Error {}
