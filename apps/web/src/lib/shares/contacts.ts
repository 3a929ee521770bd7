import type { Inbox } from '@filmpost/exchange/shares/schema.ts';
import type { HelpContacts } from '../ui/shell.ts';

/** Whom a recipient asks: the facility that gave the share. */
export function contactsOf({ contactPhone, contactEmail }: Inbox): HelpContacts {
  return { ...(contactPhone && { phone: contactPhone }), ...(contactEmail && { email: contactEmail }) };
}
