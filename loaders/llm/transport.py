"""One request to the endpoint: bounded in time and size, never redirected, every failure an `LlmError`."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast

import httpx
from pydantic_core import from_json

from kb.errors import SetupError
from loaders.llm.endpoint import Endpoint
from loaders.llm.errors import Code, LlmError

LARGEST: Final = 4 * 2**20
"""Bytes of an answer at most: the longest one asked for, streamed a token at a time, holds half of that."""
_LONGEST_REASON: Final = 200
_LONGEST_CONNECT: Final = 10.0
_LATER: Final = frozenset({408, 409, 425, 429})
_BAD_FORM: Final = frozenset({400, 422})
_SPENT: Final = "insufficient_quota"
_GRAMMAR: Final = re.compile(r"grammar|schema|response_format", re.IGNORECASE)
"""Servers that fail on a schema, instead of refusing it, speak of these."""


class PassingError(LlmError):
    """A failure that may pass; `pause` is what the server asks to wait, in seconds."""

    def __init__(self, code: Code, sentence: str, pause: float | None = None) -> None:
        """A sentence and a code as for all, and the pause where the server names one."""
        super().__init__(code, sentence)
        self.pause: Final = pause


class FormError(LlmError):
    """The server does not take the request's form; `reason` is its own sentence, in lower case."""

    def __init__(self, sentence: str, reason: str) -> None:
        """A sentence for people, and the server's reason to choose another form by."""
        super().__init__(Code.REJECTED, sentence)
        self.reason: Final = reason.lower()


class FinalError(LlmError):
    """A failure that every further question would meet as well."""


def open_client(endpoint: Endpoint) -> httpx.AsyncClient:
    """A client that sends the key to this endpoint alone: a redirect is an answer like others.

    Raises:
        SetupError: when the machine's own settings for proxies or certificates cannot be used.
    """
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    key = endpoint.key.get_secret_value()
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        return httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(endpoint.timeout, connect=min(endpoint.timeout, _LONGEST_CONNECT)),
            limits=httpx.Limits(max_connections=endpoint.concurrency),
            follow_redirects=False,
        )
    except (ImportError, ValueError, OSError) as error:
        raise SetupError(
            f"No connection can be set up ({_line(str(error), endpoint)}); see what HTTP_PROXY, HTTPS_PROXY, "
            "ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR say."
        ) from error


async def post(client: httpx.AsyncClient, endpoint: Endpoint, payload: Mapping[str, Any]) -> bytes:
    """The body of a successful answer.

    Raises:
        PassingError: when asking again may help.
        FormError: when another form of request may help.
        FinalError: when no question will be answered.
        LlmError: when this one will not.
    """
    try:
        # the client's own timeout is for each read; a server that drips would hold it for ever
        async with asyncio.timeout(endpoint.timeout):
            async with client.stream("POST", endpoint.url, json=payload) as response:
                if response.is_success:
                    return await _body(response)
                said = (await _read(response, 2**14)).decode("utf-8", "replace")
                raise _failure(response, said, endpoint)
    except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout) as error:
        raise LlmError(
            Code.TIMEOUT,
            f"The language model did not answer within {endpoint.timeout:g} s (KB_LLM_TIMEOUT); "
            "give it more time or ask fewer questions at a time.",
        ) from error
    except httpx.TransportError as error:
        reason = _line(f"{type(error).__name__}: {error}", endpoint)
        raise PassingError(
            Code.UNREACHABLE,
            f"The language model's server cannot be reached or broke off ({reason}); "
            "see that KB_LLM_URL is right and the server runs.",
        ) from error


async def _body(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise LlmError(
            Code.MALFORMED, "The language model's server packed its answer, which it was told not to."
        )
    body = await _read(response, LARGEST + 1)
    if len(body) > LARGEST:
        raise LlmError(
            Code.TOO_LARGE,
            f"The language model's server sent more than {LARGEST // 2**20} MiB for one answer.",
        )
    return body


async def _read(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


def _line(words: str, endpoint: Endpoint) -> str:
    """Somebody else's words in one short line without the key, which some servers repeat."""
    key = endpoint.key.get_secret_value()
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return (line.replace(key, "***") if key else line)[:_LONGEST_REASON]


def _sentence(body: str) -> str:
    """What the server gives as its reason, where it gives it in one of the usual places."""
    try:
        found: object = from_json(body)
    except ValueError:
        return body
    for name in ("error", "message", "detail"):
        if isinstance(found, dict):
            found = cast("dict[str, object]", found).get(name, found)
    return str(found)


def _failure(response: httpx.Response, said: str, endpoint: Endpoint) -> LlmError:
    status = response.status_code
    if 300 <= status < 400:
        return FinalError(
            Code.REDIRECT,
            f"The language model's server redirects ({status}), which is not followed, so that the key goes "
            "nowhere else; set KB_LLM_URL to the final address.",
        )
    if status in {401, 403}:  # the server's sentence is left out: it may hold parts of the key
        kind = FinalError if status == 401 else LlmError  # some answer 403 to a text that they do not like
        return kind(
            Code.KEY,
            f"The language model's server refused the key ({status}); set KB_LLM_KEY to one that may use "
            "KB_LLM_MODEL.",
        )
    if status == 402 or (status == 429 and _SPENT in said):
        return FinalError(
            Code.QUOTA,
            f"The account at the language model's server has nothing left ({status}); top it up, and load "
            "again to go on where it stopped.",
        )
    reason = _line(_sentence(said), endpoint)
    if status in _BAD_FORM or (status in {500, 501} and _GRAMMAR.search(reason)):
        return FormError(_refused(status, reason), reason)
    if status in _LATER or status >= 500:
        return PassingError(
            Code.BUSY,
            f"The language model's server is busy or out of order ({status}); load the document again later.",
            _pause(response),
        )
    return LlmError(Code.REJECTED, _refused(status, reason))


def _refused(status: int, reason: str) -> str:
    return (
        f"The language model's server refused the question ({status}: {reason}); "
        "see KB_LLM_MODEL and KB_LLM_URL."
    )


def _pause(response: httpx.Response) -> float | None:
    """What `Retry-After` asks for, as seconds or as a date."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        moment = parsedate_to_datetime(asked)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
