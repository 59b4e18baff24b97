import { Reachability } from './reachability.ts';

function follow() {
  const reachability = new Reachability();
  const told: (boolean | 'restored')[] = [];
  reachability.onChange((reachable) => told.push(reachable));
  const stop = reachability.onRestored(() => told.push('restored'));
  return { reachability, told, stop };
}

test('any answer ends the outage and says so once', () => {
  const { reachability, told } = follow();
  reachability.answered();
  reachability.attempt().failed();
  reachability.answered();
  reachability.answered();
  expect(told).toEqual([true, false, true, 'restored', true]);
});

test('a request that fails late says nothing when something answered after it was sent', () => {
  const { reachability, told } = follow();
  const old = reachability.attempt();
  reachability.answered();
  old.failed();
  expect(told).toEqual([true]);
});

test('who has left is not told', () => {
  const { reachability, told, stop } = follow();
  reachability.attempt().failed();
  stop();
  reachability.answered();
  expect(told).toEqual([false, true]);
});
