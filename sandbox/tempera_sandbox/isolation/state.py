"""What this machine's kernel holds, asked once beside the host's start, and what follows for agent code."""

from __future__ import annotations

import asyncio

import grpc

from ..errors import HostError
from .model import Layer, Policy
from .probe import agent_code_allowed, given_layers, probe


class IsolationState:
    """Valid after `known`."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._task: asyncio.Task[None] | None = None
        self.layers: list[Layer] = []
        self.given: tuple[str, ...] = ()
        self.runs_agent_code = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._ask())

    async def known(self) -> None:
        """Returns when the probe has answered."""
        if self._task is not None and not self._task.done():
            await asyncio.shield(self._task)

    def check_runs_agent_code(self) -> None:
        """HostError: the machine lacks what the policy asks for."""
        if not self.runs_agent_code:
            raise HostError(
                grpc.StatusCode.FAILED_PRECONDITION,
                'SANDBOX_ISOLATION',
                'This machine lacks the isolation that the policy `required` asks for; see the doctor.',
            )

    async def _ask(self) -> None:
        self.layers = await asyncio.to_thread(probe)
        self.given = given_layers(self.layers)
        self.runs_agent_code, _ = agent_code_allowed(self._policy, self.layers)
