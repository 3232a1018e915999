/** A POSIX path that a host names, which stays inside the folder that it is relative to. */
export const isPlainPath = (name: string): boolean =>
  name.split('/').every((step) => step !== '' && step !== '.' && step !== '..' && !/[\\\0]/.test(step));
