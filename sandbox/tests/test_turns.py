"""Turns by caller: bounded, shared out, nobody kept waiting by another's many calls."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempera_sandbox.tool_calls.turns import Turns


class Calls:
    """Calls that hold their turn until they are told to end, and what was seen of them."""

    def __init__(self, count: int) -> None:
        self.turns = Turns(count)
        self.begun: list[str] = []
        self.holding: list[tuple[str, asyncio.Event]] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def ask(self, caller: str) -> asyncio.Task[None]:
        task = asyncio.create_task(self._hold(caller))
        self.tasks.append(task)
        await _settle()
        return task

    async def end(self, at: int = 0) -> None:
        _, event = self.holding.pop(at)
        event.set()
        await _settle()

    async def _hold(self, caller: str) -> None:
        event = asyncio.Event()
        async with self.turns.turn(caller):
            self.begun.append(caller)
            held = (caller, event)
            self.holding.append(held)
            try:
                await event.wait()
            finally:
                if held in self.holding:  # Cancelled: nobody has ended it.
                    self.holding.remove(held)


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_one_call_does_not_wait_for_anothers_many() -> None:
    async def walk() -> None:
        calls = Calls(4)
        for _ in range(20):
            await calls.ask('a')
        assert calls.begun == ['a', 'a']
        await calls.ask('b')
        assert calls.begun == ['a', 'a', 'b']
        await calls.ask('c')
        assert calls.begun[-1] == 'c'
        await calls.ask('d')
        await calls.end()
        assert calls.begun[-1] == 'd'
        while calls.holding:
            await calls.end()
        await asyncio.gather(*calls.tasks)

    asyncio.run(walk())


def test_a_caller_that_leaves_gives_its_place_and_its_turn_back() -> None:
    async def walk() -> None:
        calls = Calls(1)
        first, second, third = [await calls.ask(name) for name in ('a', 'b', 'c')]
        second.cancel()
        first.cancel()
        await _settle()
        assert calls.begun == ['a', 'c']
        third.cancel()
        with pytest.raises(asyncio.CancelledError):
            await third
        await calls.ask('d')
        assert calls.begun[-1] == 'd'

    asyncio.run(walk())


STEPS = st.lists(st.one_of(st.sampled_from('abcd'), st.integers(0, 9), st.none()), max_size=60)


@given(count=st.integers(1, 6), steps=STEPS)
def test_turns_are_bounded_and_nobody_starves(count: int, steps: list[str | int | None]) -> None:
    """Letters ask, numbers end a call that holds a turn, None cancels one that waits or holds."""

    async def walk() -> None:
        calls = Calls(count)
        for step in steps:
            if isinstance(step, str):
                await calls.ask(step)
            elif step is None:
                if calls.tasks:
                    calls.tasks.pop(0).cancel()
                    await _settle()
            elif calls.holding:
                await calls.end(step % len(calls.holding))
            held = Counter(caller for caller, _ in calls.holding)
            assert sum(held.values()) <= count
            assert all(number <= max(1, count // 2) for number in held.values())
        while calls.holding:
            await calls.end()
        done = await asyncio.gather(*calls.tasks, return_exceptions=True)
        assert all(one is None for one in done)

    asyncio.run(walk())
