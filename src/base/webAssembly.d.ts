/** The part of the standard that is used; Node.js has it, its type declarations do not. */
declare namespace WebAssembly {
  class Memory {
    /** @param descriptor in pages of 64 KiB */
    constructor(descriptor: { readonly initial: number });
    readonly buffer: ArrayBuffer;
    /** Adds pages; every view of the old buffer is then empty. */
    grow(pages: number): number;
  }
  class RuntimeError extends Error {}
  class CompileError extends Error {}
  /** Whether the engine can compile a module. */
  function validate(bytes: Uint8Array): boolean;
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
}
