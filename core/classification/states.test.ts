import fc from 'fast-check';
import {
  assertFollows,
  CLASSIFICATION_STATES,
  type ClassificationState,
  FINAL_STATES,
  isFinal,
  nextStates,
} from './states.ts';

const state = fc.constantFrom(...CLASSIFICATION_STATES);

test('a move that is not in the table of states is refused with those that are; nothing follows an end', () => {
  fc.assert(
    fc.property(state, state, (from, to) => {
      const valid = nextStates(from);
      if (valid.includes(to)) {
        assertFollows(from, to);
        return;
      }
      const named = valid.length === 0 ? 'the run has ended' : valid.join(', ');
      expect(() => assertFollows(from, to)).toThrow(named);
    }),
  );
  for (const final of FINAL_STATES) expect(nextStates(final)).toEqual([]);
});

test('every state can be reached, and from each an end, ERROR and CANCELLED', () => {
  const reached = (
    from: ClassificationState,
    seen = new Set<ClassificationState>([from]),
  ): Set<ClassificationState> => {
    for (const next of nextStates(from)) if (!seen.has(next)) reached(next, seen.add(next));
    return seen;
  };
  expect([...reached('IDLE')].sort()).toEqual([...CLASSIFICATION_STATES].sort());
  for (const from of CLASSIFICATION_STATES) {
    expect([...reached(from)].some(isFinal)).toBe(true);
    if (!isFinal(from)) expect(nextStates(from)).toEqual(expect.arrayContaining(['ERROR', 'CANCELLED']));
  }
});
