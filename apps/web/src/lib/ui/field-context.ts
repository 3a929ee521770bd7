import { createContext } from 'svelte';

/** What a Field tells the control inside it, so that label, hint and error belong to it for every reader. */
export interface FieldControl {
  readonly id: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly required: boolean;
}

export const [useField, provideField, isInField] = createContext<FieldControl>();

/** The attributes of a control: those of the Field around it, or none when it stands alone. */
export function controlAttributes() {
  const field = isInField() ? useField() : undefined;
  return {
    get id() {
      return field?.id;
    },
    // Not the native attribute: the browser's bubble would speak before our own words, and on a hidden twin it blocks.
    get 'aria-required'() {
      return field?.required || undefined;
    },
    get 'aria-describedby'() {
      return field?.describedBy;
    },
    get 'aria-invalid'() {
      return field?.invalid ? ('true' as const) : undefined;
    },
  };
}
