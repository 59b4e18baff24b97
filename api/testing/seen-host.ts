/** What the platform has seen of a sandbox host on another machine, with one GPU that works for a session. */

export const DEVICE = {
  index: 0,
  name: 'Fake-H0',
  memory_total_bytes: 2 ** 33,
  memory_used_bytes: 2 ** 30,
  utilisation_percent: 7,
};

export const LEASES = [
  { kind: 'slot' as const, slot: 0, epoch: 5, execution: null, session_id: null, device: null },
  {
    kind: 'gpu' as const,
    slot: 0,
    epoch: 6,
    execution: 's1/1',
    session_id: 'session-1',
    device: { ...DEVICE, problem: '' },
  },
];

export const sightOf = (status: string, isolation: { level: string; missing: string[] }) => ({
  id: 'host-1',
  address: '198.51.100.1:7500',
  provider: 'remote',
  status,
  reason: null,
  answered: true,
  isolation: { provider: 'remote', policy: 'required', ...isolation },
});
