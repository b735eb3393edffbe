import { describe, expect, test } from 'vitest';
import { fromRows } from '../../../../src/base/matrix.ts';
import { linearProbe } from '../../../../src/learning/transfer/probe.ts';
import golden from '../../../golden/transfer.json';

const { fitted, tested, labels, accuracy } = golden.probe;

describe('the linear probe', () => {
  test('is as accurate as the ridge regression of scikit-learn', () => {
    const probed = linearProbe({ features: fromRows(fitted), labels }, { features: fromRows(tested), labels }, 3);
    expect(probed).toBeCloseTo(accuracy, 10);
  });

  test('depends on neither the scale nor the origin of the features', () => {
    const moved = (rows: number[][]) => fromRows(rows.map((row) => row.map((value) => 1000 * value + 7)));
    const probed = linearProbe({ features: moved(fitted), labels }, { features: moved(tested), labels }, 3);
    expect(probed).toBeCloseTo(accuracy, 10);
  });

  test('of features that are all equal says the class that is most frequent', () => {
    const equal = { features: fromRows([[1], [1], [1]]), labels: [0, 1, 1] };
    expect(linearProbe(equal, equal, 2)).toBeCloseTo(2 / 3, 10);
  });
});
