// Who is signed in, and what they may do.
import { api, type Account, type Phase } from './api.ts';
import { onSignedOut, useToken } from './http.ts';

export type Right = 'add' | 'plan' | 'own';

class Session {
  phase = $state<Phase | 'asking' | 'unreachable'>('asking');
  clinic = $state<string | null>(null);
  account = $state<Account | null>(null);

  async refresh(): Promise<void> {
    try {
      const state = await api.state();
      useToken(state.token);
      this.phase = state.phase;
      this.clinic = state.clinic;
      this.account = state.account;
    } catch {
      this.phase = 'unreachable';
    }
  }

  async signOut(): Promise<void> {
    await api.signOut();
    await this.refresh();
  }

  may(right: Right): boolean {
    const role = this.account?.role;
    if (right === 'own') return role === 'owner';
    if (right === 'plan') return role === 'owner' || role === 'practitioner';
    return role !== undefined && role !== 'read_only';
  }
}

export const session = new Session();

onSignedOut(() => {
  if (session.phase === 'signed_in') void session.refresh();
});
