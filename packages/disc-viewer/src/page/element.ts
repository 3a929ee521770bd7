type Made<Name extends keyof HTMLElementTagNameMap> = HTMLElementTagNameMap[Name];

/** What may be set on an element: never markup. */
type Settable<Name extends keyof HTMLElementTagNameMap> = Partial<
  Omit<Made<Name>, 'innerHTML' | 'outerHTML' | 'style' | 'dataset'>
>;

/** An element with its children; texts stay texts, whoever wrote them. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Settable<Name> = {},
  ...children: (Node | string)[]
): Made<Name> {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/** A button that submits nothing. */
export function button(
  words: string,
  act: () => void,
  properties: Settable<'button'> = {},
): HTMLButtonElement {
  return element('button', { type: 'button', textContent: words, onclick: act, ...properties });
}
