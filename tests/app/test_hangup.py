"""A client that hangs up ends the work on its request, and one that stays gets its answer."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from app.hangup import CancelOnHangup

SIZED = [(b"content-length", b"2")]


class Client:
    """Sends a body in chunks, and hangs up when it is told to."""

    def __init__(self, *chunks: bytes) -> None:
        last = len(chunks) - 1
        self.messages = [
            {"type": "http.request", "body": chunk, "more_body": place < last}
            for place, chunk in enumerate(chunks)
        ]
        self.hung_up = asyncio.Event()

    async def receive(self) -> Any:
        if self.messages:
            return self.messages.pop(0)
        await self.hung_up.wait()
        return {"type": "http.disconnect"}


async def nothing(_: Any) -> None:
    pass


def serve(app: Any, client: Client, headers: Any) -> Any:
    return CancelOnHangup(app)({"type": "http", "headers": headers}, client.receive, nothing)


@pytest.mark.parametrize(("chunks", "headers"), [((b"",), []), ((b"{", b"}"), SIZED)])
def test_work_is_cancelled_when_the_client_goes(chunks: Any, headers: Any):
    ended: list[str] = []

    async def endless(_scope: Any, receive: Any, _send: Any) -> None:
        while headers and (await receive())["more_body"]:
            pass
        try:
            client.hung_up.set()
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def main() -> None:
        nonlocal client
        client = Client(*chunks)
        async with asyncio.timeout(20):
            await serve(endless, client, headers)
        await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0

    client: Any = None
    asyncio.run(main())
    assert ended == ["cancelled"]


@pytest.mark.parametrize("headers", [[], SIZED])
def test_an_answer_is_given_with_the_whole_body_read(headers: Any):
    read: list[bytes] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        more = True
        while more:
            message = await receive()
            read.append(message["body"])
            more = message["more_body"]

    async def main() -> None:
        async with asyncio.timeout(20):
            await serve(app, Client(b"one", b"two"), headers)

    asyncio.run(main())
    assert read == [b"one", b"two"]


def test_a_hang_up_with_the_last_word_of_the_answer_disturbs_nobody():
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        client.hung_up.set()
        for _ in range(3):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)

    async def main() -> None:
        nonlocal client
        client = Client(b"")
        await serve(app, client, [])
        await asyncio.sleep(0)

    client: Any = None
    asyncio.run(main())


def test_a_cancellation_from_elsewhere_passes():
    async def endless(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        work = asyncio.ensure_future(serve(endless, Client(b""), []))
        await asyncio.sleep(0.01)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(main())
