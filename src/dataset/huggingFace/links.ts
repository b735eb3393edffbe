/** True for a column that names files: `file_name`, `mask_file_name`, `frames.file_names`. */
export function isLink(column: string): boolean {
  return /(^|[._])file_names?$/.test(column);
}

/** True for a column that holds lists of names. */
export function isLinkList(column: string): boolean {
  return /(^|[._])file_names$/.test(column);
}
