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
  reachability.failed();
  reachability.answered();
  reachability.answered();
  expect(told).toEqual([true, false, true, 'restored', true]);
});

test('who has left is not told', () => {
  const { reachability, told, stop } = follow();
  reachability.failed();
  stop();
  reachability.answered();
  expect(told).toEqual([false, true]);
});
