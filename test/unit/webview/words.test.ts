import { expect, it } from 'vitest';
import { capitalised, direction, fileName, modalityPairName } from '../../../webview/ui/words.ts';

it('fileName is the last part of a path with slashes of either kind', () => {
  expect(fileName('/data/digits/images/three 07.png')).toBe('three 07.png');
  expect(fileName('C:\\data\\three.wav')).toBe('three.wav');
  expect(fileName('digits')).toBe('digits');
});

it('modalities are named in their order', () => {
  expect(modalityPairName({ first: 'image', second: 'audio' })).toBe('image and audio');
  expect(direction('audio', 'image')).toBe('audio → image');
});

it('capitalised changes the first letter only', () => {
  expect(capitalised('meta-training of CROMA')).toBe('Meta-training of CROMA');
  expect(capitalised('')).toBe('');
});
