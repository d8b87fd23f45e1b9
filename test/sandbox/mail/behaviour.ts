/** What the mail server does with a message. Every way but `deliver` is something that real mail servers do to alerts. */
export type MailBehaviour =
  | { readonly kind: 'deliver' }
  /** Accepted with 250, filed under Junk. */
  | { readonly kind: 'junk' }
  /** Accepted with 250, never delivered. */
  | { readonly kind: 'drop' }
  /** Refused at RCPT TO: 550 for good, 450 for now. */
  | { readonly kind: 'refuse'; readonly code: 450 | 550 }
  /** Accepted with 250, delivered later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Delivered without the subject that it was sent with. */
  | { readonly kind: 'garble-subject' }
  /** Delivered without the text that it was sent with. */
  | { readonly kind: 'strip-body' }
  /** Delivered to the inbox of somebody else. */
  | { readonly kind: 'misdeliver'; readonly to: string }
  /** Delivered twice. */
  | { readonly kind: 'twice' }
  /** Takes the message and never answers. */
  | { readonly kind: 'hang' };
