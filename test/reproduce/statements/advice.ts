import type { Advice } from '../../../src/protocol.ts';
import { isAbove, points, type Statement, verdict } from '../finding.ts';
import { type Estimate, MissingResult } from '../results.ts';

/** What was said before training about one set-up, and what came out. */
export interface Advised {
  readonly name: string;
  readonly advice: Advice['verdict'];
  /** CROMA − scratch, over all k. */
  readonly gain: Estimate;
}

const FEWEST = 3;

/** How far `pairlab run --advise` is to be trusted. */
export const advice: Statement<readonly Advised[]> = {
  id: 'A1',
  statement: 'The advice before training agrees with what training then shows',
  judge: (advised) => {
    const decided = advised.filter((setUp) => setUp.advice !== 'uncertain');
    if (decided.length < FEWEST) throw new MissingResult(`fewer than ${FEWEST} set-ups with a clear advice were run`);
    const right = decided.filter(agrees);
    const words = advised.map((setUp) => `${setUp.name} ${setUp.advice}, ${points(setUp.gain)}`);
    return verdict(
      right.length / decided.length > 0.5,
      `${right.length} of ${decided.length} agree: ${words.join('; ')}`,
      'more agree than not; CROMA pays where its lead over scratch has its interval above 0; `uncertain` does not count',
    );
  },
};

function agrees(setUp: Advised): boolean {
  return (setUp.advice === 'likely') === isAbove(setUp.gain);
}
