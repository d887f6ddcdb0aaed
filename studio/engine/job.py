"""A run as the application waits for it: awaitable, with an async iterator of its events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator

from engines.runtime.messages import Event, RunEnded, RunState


class Job:
    """A submitted run; lives in the GUI thread. `async for event in job` tells its events, `await job` its ending."""

    def __init__(self, run: int) -> None:
        self.run = run
        self.state = RunState.QUEUED
        self.place: int | None = None
        """In the queue; None outside."""
        self.ended: RunEnded | None = None
        self._waiting: list[asyncio.Future[RunEnded]] = []
        self._listening: list[asyncio.Queue[Event | None]] = []

    def __await__(self) -> Generator[None, None, RunEnded]:
        return self._ending().__await__()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Events from now on, until the run has ended."""
        if self.ended is not None:
            return
        mine: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listening.append(mine)
        try:
            while (event := await mine.get()) is not None:
                yield event
        finally:
            self._listening.remove(mine)

    async def _ending(self) -> RunEnded:
        if self.ended is not None:
            return self.ended
        future: asyncio.Future[RunEnded] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return await future

    def take_events(self, events: tuple[Event, ...]) -> None:
        """Hand events to whoever listens; called by the engine."""
        for listener in self._listening:
            for event in events:
                listener.put_nowait(event)

    def take_ending(self, ended: RunEnded) -> None:
        """Tell whoever waits that the run has ended; called by the engine."""
        self.ended, self.state, self.place = ended, ended.state, None
        for listener in self._listening:
            listener.put_nowait(None)
        for future in self._waiting:
            if not future.done():
                future.set_result(ended)
        self._waiting.clear()
