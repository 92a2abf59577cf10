const TYPE = /"type":\s*"([a-z_]+_error)"/;

/** The API's name for what went wrong ("overloaded_error"), where a message quotes its answer. */
export function errorTypeIn(text: string): string | undefined {
  return TYPE.exec(text)?.[1];
}
