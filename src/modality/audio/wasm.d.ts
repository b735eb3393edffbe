/** The bytes of a WebAssembly module; the build puts them into the bundle. */
declare module '*.wasm' {
  const bytes: Uint8Array;
  // biome-ignore lint/style/noDefaultExport: this is what the loader makes of a file
  export default bytes;
}
