/**
 * What one client may do now: its credentials may be renewed, and what is known of it may change.
 *
 * @module
 */

import type { Rights } from "./authorization.ts";
import type { Identified } from "./credentials.ts";
import type { Principal } from "./principal.ts";
import type { View } from "./views.ts";

/** See the module's text. */
export class Access {
  /** What it has shown. */
  identified: Identified;
  /** What it may do. */
  rights: Rights;
  /** What it holds of the definition, since its session began. */
  readonly view: View;

  constructor(identified: Identified, rights: Rights, view: View) {
    this.identified = identified;
    this.rights = rights;
    this.view = view;
  }

  /** Who it is. */
  get principal(): Principal {
    return this.identified.principal;
  }

  /** In how many milliseconds what it has shown ends, at least 1; 0 if it does not. */
  get expiresIn(): number {
    const { expires } = this.principal;
    return expires === undefined ? 0 : Math.max(1, Math.ceil(expires - Date.now()));
  }

  /** Whether it may be sent a message, and knows it. */
  mayBeSent(name: string): boolean {
    return this.rights.mayBeSent(name) && this.view.sends(name) !== undefined;
  }
}
