import type { Job } from '../base/progress.ts';
import type { AlignmentReport, RequestName, RequestParams, RequestResult } from '../protocol.ts';

/** Tells the editor what of a report is ready. */
export type TellPart = (report: AlignmentReport) => void;

/** Answers one kind of request. Throws the classes of base/errors.ts. */
export type Handler<M extends RequestName> = (
  params: RequestParams<M>,
  job: Job,
  tellPart: TellPart,
) => Promise<RequestResult<M>>;

/** The handlers of all requests that start with one of the given words: `Handlers<'dataset'>`. */
export type Handlers<Word extends string = string> = {
  readonly [M in Extract<RequestName, `${Word}/${string}`>]: Handler<M>;
};
