const MIB = 1024 * 1024;

/** Bytes of a file that is sent through the API or a page; larger ones are pushed. GitHub's pages take as much. */
export const fileBytesMax = 25 * MIB;

/** Bytes of a request that holds one such file in base64. */
export const fileBodyBytesMax = 36 * MIB;

/** Bytes of a request that names a whole tree. */
export const treeBodyBytesMax = 16 * MIB;

/** Files that one commit of a page changes. */
export const committedFilesMax = 200;
