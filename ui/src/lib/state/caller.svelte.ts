/** Who uses the page: what the platform says of the caller, and whether it asks for a key first. */

import type { Caller } from '../../../../core/access/key-records.ts';
import type { Permission } from '../../../../core/access/permissions.ts';
import { api, onUnauthenticated } from '../api/client.ts';

class CallerState {
  #known = $state.raw<Caller | null>(null);
  #isSignedOut = $state(false);

  /** Null until the platform has answered. */
  get known(): Caller | null {
    return this.#known;
  }
  /** The platform asks for a key, and this browser has not signed in or not any more. */
  get isSignedOut(): boolean {
    return this.#isSignedOut;
  }

  /** Whether the caller may do something; true until it is known, for the platform has the last word. */
  may(permission: Permission): boolean {
    return this.#known?.permissions.includes(permission) ?? true;
  }

  /** Why not, as a sentence; '' where it may. */
  refusal(permission: Permission): string {
    return this.may(permission) ? '' : `The role ${this.#known?.role ?? ''} may not do this (${permission}).`;
  }

  /** Follows who one is until the returned function is called. */
  start(): () => void {
    const stop = onUnauthenticated(() => {
      this.#isSignedOut = true;
    });
    void this.#read();
    return stop;
  }

  /** Exchanges the key for a cookie; the page begins anew at the address that it was opened with. @throws ApiError */
  async signIn(key: string): Promise<void> {
    await api.post('/api/sign-in', { key }, { idempotencyKey: null });
    location.reload();
  }

  /** @throws ApiError */
  async signOut(): Promise<void> {
    await api.post('/api/sign-out', {}, { idempotencyKey: null });
    location.reload();
  }

  /** Another tab may have signed in: then the page begins anew. */
  async askAgain(): Promise<void> {
    if (await this.#read()) location.reload();
  }

  async #read(): Promise<boolean> {
    try {
      this.#known = await api.get<Caller>('/api/me');
      return true;
    } catch {
      return false; // it is asked for by the sign-in, or the banner says that nothing answers
    }
  }
}

export const caller = new CallerState();
