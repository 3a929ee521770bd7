import { type Credential, authorizationOf, typedAddress } from './pacs-address.ts';

/** What somebody types to have images delivered. Stands in the memory of the page and nowhere else. */
export class DeliverForm {
  address = $state('');
  kind = $state<string>('none');
  name = $state('');
  password = $state('');
  token = $state('');
  /** Said once somebody has tried to go on. */
  tried = $state(false);

  get typed() {
    return typedAddress(this.address, new URL(location.href));
  }

  get addressError(): string | undefined {
    if (!this.tried) return undefined;
    const { typed } = this;
    return typed.kind === 'bad' ? typed.sentence : undefined;
  }

  get authorization(): string | null {
    return authorizationOf(this.#credential());
  }

  #credential(): Credential {
    if (this.kind === 'bearer' && this.token.trim()) return { kind: 'bearer', token: this.token };
    if (this.kind === 'basic') return { kind: 'basic', name: this.name, password: this.password };
    return { kind: 'none' };
  }
}
