/** The part of mocha that the tests use; it brings no types. */
declare module 'mocha' {
  interface MochaOptions {
    ui: 'bdd';
    timeout: number;
    reporter: string;
    reporterOptions: Record<string, unknown>;
  }
  // biome-ignore lint/style/noDefaultExport: It is mocha's.
  export default class Mocha {
    constructor(options: MochaOptions);
    addFile(path: string): this;
    run(done: (failures: number) => void): void;
  }
  export function describe(name: string, suite: () => void): void;
  export function it(name: string, test: () => void | Promise<void>): void;
  export function after(tearDown: () => void | Promise<void>): void;
  export function before(setUp: () => void | Promise<void>): void;
}
