"""Every setting, read once from the environment. Nothing else reads the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.errors import Misconfigured


def is_loopback(host: str | None) -> bool:
    """True for localhost, *.localhost and loopback addresses."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(name: str, value: str) -> SplitResult:
    """Raises ValueError, in our words, for an address that cannot be read, or whose port cannot."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(f"{name} is not an address we can read; look at its host and port.") from (
            None
        )
    return parts


def _safe_base(name: str, value: str) -> str:
    parts = _parts(name, value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{name} must be an address such as https://help.example, not {value!r}.")
    if parts.scheme != "https" and not is_loopback(parts.hostname):
        raise ValueError(f"{name} must begin with https:// unless it is this machine.")
    return value.rstrip("/")


class Settings(BaseSettings):
    """One line of help each; the README's table is these lines."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False)

    database_url: str = Field(
        "sqlite:///data/frontdoor.db",
        description="Where everything is kept: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    )
    redis_url: str = Field(
        "", description="redis://HOST:PORT/0. Needed as soon as more than one process serves."
    )
    host: str = Field("127.0.0.1", description="The address `frontdoor serve` listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port `frontdoor serve` listens on.")
    public_url: str = Field(
        "", description="What visitors' browsers reach, https://… Default http://localhost:PORT."
    )
    console_url: str = Field("", description="What advisors reach. Default PUBLIC_URL.")
    hooks_url: str = Field("", description="What the carrier calls, and signs. Default PUBLIC_URL.")
    frontdoor_keys: str = Field(
        "", description="The file that holds the root keys, outside the database."
    )
    twilio_account_sid: str = Field("", description="The carrier account, AC….")
    twilio_auth_token: str = Field("", description="Signs the carrier's webhooks.")
    twilio_api_key: str = Field("", description="API key for REST, SK…. Default: the account.")
    twilio_api_secret: str = Field("", description="The secret of TWILIO_API_KEY.")
    twilio_twiml_app_sid: str = Field("", description="The app a browser phone calls through, AP….")
    twilio_api_base: str = Field(
        "", description="Sends every carrier request to this host instead. https or loopback."
    )
    interpreter_pins: str = Field(
        "", description="PINs of interpreter desks, by the name in the definition: NAME=PIN,…"
    )
    metrics_token: str = Field("", description="Opens /metrics as a bearer token. Empty: closed.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field("auto", description="json, text, or auto: text on a terminal.")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        value = value.replace("postgres://", "postgresql://", 1)
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        _parts("DATABASE_URL", value)
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _format(cls, value: str) -> str:
        if value not in ("json", "text", "auto"):
            raise ValueError("LOG_FORMAT must be json, text or auto.")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("REDIS_URL must begin with redis://, rediss:// or unix://.")
        _parts("REDIS_URL", value)
        return value

    @model_validator(mode="before")
    @classmethod
    def _addresses(cls, data: Any) -> Any:
        values = dict(data)
        public = values.get("public_url")
        here = f"http://localhost:{values.get('port', 8000)}"
        values["public_url"] = _safe_base("PUBLIC_URL", public) if public else here
        for name in ("console_url", "hooks_url"):
            own = values.get(name)
            values[name] = _safe_base(name.upper(), own) if own else values["public_url"]
        if values.get("twilio_api_base"):
            values["twilio_api_base"] = _safe_base("TWILIO_API_BASE", values["twilio_api_base"])
        return values

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)

    @property
    def embedded(self) -> bool:
        """True on SQLite: one process, the bus in memory unless Redis is named."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        return Path(self.database_url.removeprefix("sqlite:///")) if self.embedded else None

    @property
    def pins(self) -> Mapping[str, str]:
        """INTERPRETER_PINS as names and digits; what is no pair is left out."""
        pairs = (each.partition("=") for each in self.interpreter_pins.split(","))
        return {name.strip(): pin.strip() for name, _, pin in pairs if pin.strip().isdigit()}

    @property
    def has_carrier(self) -> bool:
        return bool(self.twilio_account_sid and self.twilio_auth_token)


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from an environment. Raises Misconfigured with one sentence per wrong value."""
    known = {
        name: environ[name.upper()]
        for name in Settings.model_fields
        if environ.get(name.upper(), "") != ""
    }
    try:
        return Settings(**known)  # type: ignore[arg-type]  # strings in, validated by pydantic
    except ValidationError as wrong:
        raise Misconfigured("\n".join(_sentence(error) for error in wrong.errors())) from None


def _sentence(error: Any) -> str:
    where = str(error["loc"][0]).upper() if error["loc"] else ""
    words = str(error["msg"]).removeprefix("Value error, ")
    return words if not where or where in words else f"{where}: {words}."
