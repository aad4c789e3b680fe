"""Settings from the environment (`KB_…`), one immutable record."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import platformdirs
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kb.errors import UsageError

_APPLICATION = "ai-industry-kb"
_ORIGIN: Final = re.compile(r"https?://[^/\s?#@*]+|\*")


def _origins(told: object) -> object:
    """The origins in a text, as browsers write them.

    Raises:
        ValueError: when one is no origin, since a browser would never send it.
    """
    if not isinstance(told, str):
        return told
    origins = tuple(one.strip().lower() for one in told.split(",") if one.strip())
    wrong = [one for one in origins if not _ORIGIN.fullmatch(one)]
    if wrong:
        raise ValueError(f"'{wrong[0]}' is no origin: write scheme and host, without a path")
    return origins


class Settings(BaseSettings):
    """What the environment says; every field has a default that works on one's own machine."""

    model_config = SettingsConfigDict(env_prefix="KB_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir(_APPLICATION)),
        description="Folder of the embedded database, its logs, and the answers of web servers and of a "
        "language model.",
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir(_APPLICATION)),
        description="Folder of the server's jars, shared by all checkouts.",
    )
    linger: float = Field(
        default=600.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds that the embedded server stays up after its last user.",
    )
    neo4j_uri: str | None = Field(
        default=None, description="A Neo4j to use instead of the embedded one, such as neo4j://db:7687."
    )
    neo4j_user: str = Field(default="neo4j", description="User name at KB_NEO4J_URI.")
    neo4j_password: SecretStr = Field(default=SecretStr(""), description="Password at KB_NEO4J_URI.")
    neo4j_database: str = Field(default="neo4j", description="Database at KB_NEO4J_URI.")
    official_driver: bool = Field(
        default=False,
        description="Whether `kb serve` reads through Neo4j's official driver also where the server speaks "
        "plain Bolt.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `kb serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that `kb serve` listens on.")
    tokens: Path | None = Field(
        default=None, description="File of the tokens of `kb serve`; tokens.json in KB_HOME unless given."
    )
    open_read: bool = Field(
        default=False,
        description="Whether `kb serve` lets everybody read who reaches it, on any address.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = Field(
        default=(),
        description="Origins whose pages may ask `kb serve` in a browser, with commas between them, "
        "such as https://charts.example; * for all.",
    )
    trusted_documents: Path | None = Field(
        default=None,
        description="GraphQL documents that `kb serve` knows by the hash of their text: a folder of .graphql "
        "files, or a JSON file of texts by hash.",
    )
    only_trusted: bool = Field(
        default=False,
        description="Whether `kb serve` executes the documents of KB_TRUSTED_DOCUMENTS alone.",
    )
    log_json: bool = Field(
        default=False,
        description="Whether `kb serve` logs each request and query, one JSON object a line, to stderr.",
    )
    seeds: Path | None = Field(default=None, description="Folder with registry/ and documents/.")
    spacy_model: Literal["small", "medium"] = Field(
        default="small",
        description="The spaCy model that reads documents: small, or medium (the extra `medium`).",
    )
    ray_address: str | None = Field(
        default=None,
        description="The Ray cluster of `kb load --ray`, such as host:6379; one here unless given.",
    )
    llm_url: str | None = Field(
        default=None,
        description="An OpenAI-compatible endpoint to read documents with, such as https://host/v1.",
    )
    llm_model: str | None = Field(default=None, description="The model at KB_LLM_URL.")
    llm_key: SecretStr = Field(default=SecretStr(""), description="Key at KB_LLM_URL.")
    llm_timeout: float = Field(
        default=120.0,
        gt=0,
        allow_inf_nan=False,
        description="Seconds that one answer of KB_LLM_URL may take.",
    )
    llm_budget: int = Field(
        default=1_000_000,
        ge=0,
        description="Tokens that one run may use at KB_LLM_URL, questions and answers.",
    )
    llm_concurrency: int = Field(
        default=4, ge=1, le=64, description="Questions that KB_LLM_URL is asked at a time."
    )

    @classmethod
    def read(cls) -> Self:
        """The settings of this process.

        Raises:
            UsageError: when a variable holds something that it cannot mean.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = "KB_" + "_".join(str(part) for part in first["loc"]).upper()
            about = cls.model_fields[str(first["loc"][0])].description
            raise UsageError(f"{name} is not usable: {first['msg']}. It means: {about}") from error

    @property
    def tokens_file(self) -> Path:
        """`KB_TOKENS`, else the file in `KB_HOME`."""
        return self.tokens or self.home / "tokens.json"

    @cached_property
    def seeds_folder(self) -> Path:
        """`KB_SEEDS`, else the seeds of the installed package, else those of the checkout.

        Raises:
            UsageError: when `KB_SEEDS` names no folder with a registry.
        """
        if self.seeds is not None:
            if not (self.seeds / "registry").is_dir():
                raise UsageError(f"KB_SEEDS names {self.seeds}, where there is no folder registry/.")
            return self.seeds
        here = Path(__file__).parent
        packaged = here / "_seeds"
        return packaged if packaged.is_dir() else here.parent / "seeds"
