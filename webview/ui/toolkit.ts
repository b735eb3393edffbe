import {
  type ButtonAppearance,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { type Child, element, fill } from './dom.ts';

// The only file that knows which library draws the controls.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());

export interface ButtonOptions {
  /** Keeps the focus when the page is drawn anew. */
  id?: string;
  appearance?: ButtonAppearance;
  /** What a screen reader says, where the visible text is too short. */
  label?: string;
  tooltip?: string;
  disabled?: boolean;
  /** Id of the element that says why it is disabled. */
  describedBy?: string | undefined;
}

export function button(options: ButtonOptions, onClick: () => void, ...children: Child[]): HTMLElement {
  const attributes = {
    id: options.id,
    'aria-label': options.label,
    'aria-describedby': options.describedBy,
    title: options.tooltip,
    appearance: options.appearance ?? 'secondary',
    disabled: options.disabled,
  };
  const content = element('div', { class: 'button-content' }, ...children);
  const control = fill(document.createElement('vscode-button'), attributes, [content]);
  control.addEventListener('click', onClick);
  return control;
}

export interface Choice {
  text: string;
  selected: boolean;
}

/** A list to choose one from. `onChoose` gets the index of the chosen text. */
export function dropdown(id: string, label: string, choices: Choice[], onChoose: (index: number) => void): HTMLElement {
  const control = fill(document.createElement('vscode-dropdown'), { id, 'aria-label': label }, []);
  for (const [index, { text, selected }] of choices.entries()) {
    control.append(fill(document.createElement('vscode-option'), { value: index, selected }, [text]));
  }
  control.addEventListener('change', () => onChoose(Number((control as HTMLElement & { value: string }).value)));
  return control;
}

/** Turns for as long as something is under way. What is under way is said by the text beside it. */
export function progressRing(): HTMLElement {
  return element(
    'span',
    { class: 'ring', 'aria-hidden': 'true' },
    fill(document.createElement('vscode-progress-ring'), {}, []),
  );
}
