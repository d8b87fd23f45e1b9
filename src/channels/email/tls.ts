/** Whether a socket's error code is about encryption or certificates. */
export function isTlsCode(code: string | undefined): boolean {
  return /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)|^EPROTO$/.test(code ?? '');
}
