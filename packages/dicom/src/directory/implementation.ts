/** Who writes files here, as file meta information names it (PS3.7 D.3.3.2). */

export const IMPLEMENTATION_CLASS_UID = '2.25.302611764210349735214668710512039482365';
export const IMPLEMENTATION_VERSION_NAME = 'FILMPOST';
