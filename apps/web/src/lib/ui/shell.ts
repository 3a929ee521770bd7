/** Whose page this is, as its papers show it. */
export interface FacilityBrand {
  name: string;
  /** Address of the logo on our own origin. */
  logoUrl?: string;
}

/** Whom to ask; comes from configuration. Lines without a value are not shown. */
export interface HelpContacts {
  phone?: string;
  email?: string;
  /** "Monday to Friday, 9 to 5" */
  hours?: string;
}

export interface NavigationItem {
  href: string;
  label: string;
  /** How many things wait there. */
  count?: number;
}

export interface SignedInPerson {
  name: string;
  /** "Clerk", "Administrator" */
  role: string;
}
