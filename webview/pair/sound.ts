import type { ItemDetail } from '../../src/protocol.ts';
import { element } from '../ui/dom.ts';
import { icon } from '../ui/icons.ts';
import { clock } from '../ui/numbers.ts';
import { button } from '../ui/toolkit.ts';
import { wave } from '../ui/waveform.ts';
import { Timeline } from './timeline.ts';

type Waveform = NonNullable<ItemDetail['waveform']>;

/** A sound: play and pause, its waveform to seek in, and the time. It falls silent with the signal. */
export function drawSound(uri: string, waveform: Waveform, signal: AbortSignal): HTMLElement {
  const audio = element('audio', { src: uri, preload: 'metadata' });
  const time = element('span', { class: 'time' }, clock(0));
  const trouble = element('p', { class: 'unshowable', hidden: true });
  const timeline = new Timeline((fraction) => {
    if (Number.isFinite(audio.duration)) audio.currentTime = fraction * audio.duration;
  }, toggle);
  timeline.element.prepend(wave(waveform, 'wave'), wave(waveform, 'wave played'));
  const toggleButton = button({ id: 'play', label: 'Play' }, toggle, icon('play'));

  function toggle(): void {
    if (audio.paused) audio.play().catch(fail);
    else audio.pause();
  }

  function fail(): void {
    trouble.hidden = false;
    trouble.replaceChildren(
      icon('warning'),
      element('span', {}, 'The editor cannot play this sound. Open the file to hear it.'),
    );
    toggleButton.setAttribute('disabled', '');
  }

  function showPlaying(): void {
    toggleButton.setAttribute('aria-label', audio.paused ? 'Play' : 'Pause');
    toggleButton.querySelector('.icon')?.replaceWith(icon(audio.paused ? 'play' : 'pause'));
    if (!audio.paused) requestAnimationFrame(follow);
  }

  function follow(): void {
    showTime();
    if (!audio.paused && !signal.aborted) requestAnimationFrame(follow);
  }

  function showTime(): void {
    const length = Number.isFinite(audio.duration) ? audio.duration : 0;
    time.textContent = `${clock(audio.currentTime)} / ${clock(length)}`;
    timeline.show(audio.currentTime, length);
  }

  for (const event of ['loadedmetadata', 'durationchange', 'timeupdate', 'seeked']) {
    audio.addEventListener(event, showTime);
  }
  for (const event of ['play', 'pause', 'ended']) audio.addEventListener(event, showPlaying);
  audio.addEventListener('error', fail);
  signal.addEventListener('abort', () => audio.pause());
  return element(
    'div',
    { class: 'sound' },
    timeline.element,
    element('div', { class: 'sound-controls' }, toggleButton, time),
    trouble,
    audio,
  );
}
