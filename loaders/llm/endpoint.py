"""Where the language model is and what it may use."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from pydantic import SecretStr

from kb.errors import UsageError
from kb.settings import Settings

_KEY: Final = re.compile(r"[!-~]*")
_PATH: Final = "/chat/completions"
_NO_ADDRESS: Final = "KB_LLM_URL is not usable: write http:// or https://, a host and a path, such as /v1."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint and the limits of its use.

    `timeout` is in seconds, for one answer from the first byte sent to the last byte read. `budget` counts
    tokens, of questions and answers together, over the extractor's life. `first_wait` is the first pause in
    seconds after an answer that asks to come back later.
    """

    url: str
    model: str
    key: SecretStr
    cache: Path
    timeout: float = 120.0
    budget: int = 1_000_000
    concurrency: int = 4
    attempts: int = 4
    first_wait: float = 1.0
    longest_wait: float = 60.0


def endpoint(settings: Settings) -> Endpoint:
    """The endpoint that the environment names.

    Raises:
        UsageError: when `KB_LLM_URL` or `KB_LLM_MODEL` is missing or cannot be used. What is in
            `KB_LLM_KEY` is never told.
    """
    if settings.llm_url is None or settings.llm_model is None:
        missing = "KB_LLM_URL" if settings.llm_url is None else "KB_LLM_MODEL"
        raise UsageError(
            f"{missing} is not set: name the endpoint (such as https://host/v1) in KB_LLM_URL and its model "
            "in KB_LLM_MODEL, or read with the rules."
        )
    if not settings.llm_model.isprintable() or settings.llm_model != settings.llm_model.strip():
        raise UsageError("KB_LLM_MODEL is not usable: a model's name is one line without blanks around it.")
    if _KEY.fullmatch(settings.llm_key.get_secret_value()) is None:
        raise UsageError("KB_LLM_KEY is not usable: a key is ASCII without blanks and line ends.")
    return Endpoint(
        url=_address(settings.llm_url),
        model=settings.llm_model,
        key=settings.llm_key,
        cache=settings.home / "cache" / "llm",
        timeout=settings.llm_timeout,
        budget=settings.llm_budget,
        concurrency=settings.llm_concurrency,
    )


def _address(url: str) -> str:
    """The address that questions go to. Libraries log addresses, so no password may be part of it."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise UsageError(_NO_ADDRESS) from None  # the cause would show the address
    if parts.scheme not in {"http", "https"} or not parts.host or " " in url:
        raise UsageError(_NO_ADDRESS)
    if parts.port is not None and not 0 < parts.port < 2**16:
        raise UsageError("KB_LLM_URL is not usable: a port is a number from 1 to 65535.")
    if parts.userinfo or parts.query or parts.fragment:
        raise UsageError("KB_LLM_URL is not usable: no user, password, '?' or '#' belongs in it.")
    return url.rstrip("/").removesuffix(_PATH) + _PATH
