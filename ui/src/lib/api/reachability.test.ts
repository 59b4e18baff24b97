import { Reachability } from './reachability.ts';

function follow() {
  const reachability = new Reachability();
  const changes: (boolean | 'restored')[] = [];
  reachability.onChange((reachable) => changes.push(reachable));
  const stop = reachability.onRestored(() => changes.push('restored'));
  return { reachability, changes, stop };
}

test('any answer ends the outage and says so once', () => {
  const { reachability, changes } = follow();
  reachability.answered();
  reachability.failed();
  reachability.answered();
  reachability.answered();
  expect(changes).toEqual([true, false, true, 'restored', true]);
});

test('who has left is not told', () => {
  const { reachability, changes, stop } = follow();
  reachability.failed();
  stop();
  reachability.answered();
  expect(changes).toEqual([false, true]);
});
