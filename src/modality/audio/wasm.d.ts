/** The bytes of a WebAssembly module; the build puts them into the bundle. */
declare module '*.wasm' {
  const bytes: Uint8Array;
  // biome-ignore lint/style/noDefaultExport: this is what the loader makes of a file
  export default bytes;
}

/** The part of the standard that is used; Node.js has it, its type declarations do not. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class RuntimeError extends Error {}
  function instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
}
