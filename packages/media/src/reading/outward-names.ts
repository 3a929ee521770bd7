const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:)/;

/**
 * Whether a container's name for a file points out of the container: absolute, with a drive letter, through a parent folder,
 * or cut off by a NUL where other programs would read on (threat T8). Both slashes part folders, whoever packed.
 */
export function pointsOutside(path: string): boolean {
  return ABSOLUTE.test(path) || path.split(/[/\\]/).includes('..') || path.includes('\0');
}
