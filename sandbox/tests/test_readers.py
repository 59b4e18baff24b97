"""A tree is not replaced under those who read it, and nobody reads while it is."""

from __future__ import annotations

import asyncio

from tempera_sandbox.sessions import Readers


def test_a_replacement_waits_for_readers_and_later_readers_wait_for_it() -> None:
    asyncio.run(_take_turns())


async def _take_turns() -> None:
    readers = Readers()
    seen: list[str] = []
    leave = asyncio.Event()

    async def read(name: str) -> None:
        async with readers.reading():
            seen.append(f'{name} reads')
            await leave.wait()
            seen.append(f'{name} leaves')

    async def replace() -> None:
        async with readers.alone():
            seen.append('replaced')

    early = [asyncio.create_task(read(name)) for name in ('first', 'second')]
    await asyncio.sleep(0)
    replacing = asyncio.create_task(replace())
    await asyncio.sleep(0)
    late = asyncio.create_task(read('late'))
    await asyncio.sleep(0)
    assert seen == ['first reads', 'second reads']
    leave.set()
    await asyncio.gather(*early, replacing, late)
    assert seen[2:4] == ['first leaves', 'second leaves']
    assert seen[4:] == ['replaced', 'late reads', 'late leaves']
