import type { Job } from '../base/progress.ts';
import type { RequestName, RequestParams, RequestResult } from '../protocol.ts';

/** Answers one kind of request. Throws the classes of base/errors.ts. */
export type Handler<M extends RequestName> = (params: RequestParams<M>, job: Job) => Promise<RequestResult<M>>;

/** The handlers of all requests that start with one of the given words: `Handlers<'dataset'>`. */
export type Handlers<Word extends string = string> = {
  readonly [M in Extract<RequestName, `${Word}/${string}`>]: Handler<M>;
};
