/** What a handle may be, for who typed another. */
export const handleRule = "Use letters, digits and single hyphens inside. Some words are kept for the site itself.";
