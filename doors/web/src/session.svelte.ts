// Who is signed in, and what they may do.
import { api, type Account, type Phase } from './api.ts';
import { onSignedOut, useToken } from './http.ts';

export type Right = 'add' | 'plan' | 'own';

class Session {
  phase = $state<Phase | 'asking' | 'unreachable'>('asking');
  clinic = $state<string | null>(null);
  account = $state<Account | null>(null);
  /** Whose session ended while they were working: their page stays below the sign-in, with what was typed into it. */
  interrupted = $state<Account | null>(null);

  async refresh(): Promise<void> {
    try {
      const state = await api.state();
      useToken(state.token);
      this.phase = state.phase;
      this.clinic = state.clinic;
      this.account = state.account;
      if (state.account) this.interrupted = null;
    } catch {
      this.phase = 'unreachable';
    }
  }

  async signOut(): Promise<void> {
    try {
      await api.signOut();
    } catch {
      // shown as it is: nobody is to believe themselves signed out
    }
    await this.refresh();
  }

  /** The session has ended, or was ended elsewhere. */
  async ended(): Promise<void> {
    if (this.phase !== 'signed_in') return;
    this.interrupted = this.account;
    await this.refresh();
  }

  /** Whose page is shown, signed in or interrupted. */
  get whose(): Account | null {
    return this.account ?? this.interrupted;
  }

  may(right: Right): boolean {
    const role = this.whose?.role;
    if (right === 'own') return role === 'owner';
    if (right === 'plan') return role === 'owner' || role === 'practitioner';
    return role !== undefined && role !== 'read_only';
  }
}

export const session = new Session();

onSignedOut(() => void session.ended());
