/** Forms that name a secret by themselves: keys of well-known services, bearer tokens, private keys. */
export const SECRET_FORMS: readonly string[] = [
  String.raw`\bsk-(?=[\w-]*\d)[\w-]{20,}`,
  String.raw`\bgh[pousr]_\w{30,}`,
  String.raw`\bhf_\w{30,}`,
  String.raw`\bxox[abprs]-[\w-]{10,}`,
  String.raw`\bAKIA[0-9A-Z]{16}\b`,
  String.raw`\bAIza[\w-]{35}`,
  String.raw`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}`,
  String.raw`(?<=\b[Bb]earer )(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*`,
  String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`,
];

const SECRET_NAME = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)S?(?:_|$)/i;
/** Shorter values would blot out ordinary words. */
const MIN_LENGTH = 12;

/** The environment variables whose names say that they are secrets; paths and short values are not. */
export function secretVariables(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly name: string; readonly value: string }[] {
  return Object.entries(environment).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && value.length >= MIN_LENGTH && !value.startsWith('/') ? [{ name, value }] : [],
  );
}

/** Values of {@link secretVariables}. */
export function secretsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): string[] {
  return secretVariables(environment).map(({ value }) => value);
}
