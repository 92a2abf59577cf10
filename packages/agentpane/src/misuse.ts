/** What was asked for cannot be meant: exit code 2. The message says what can. */
export class Misuse extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Misuse";
  }
}
