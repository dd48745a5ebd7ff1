"""Every DOORSTEP_* variable, read once. A wrong value stops the start with one clear sentence."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from documents.sealing import Settings as Sealing
from lone_working.code_word.sealed import WordKey
from messages.push import Settings as Pushing
from messages.sending import Settings as Sending
from server import variables
from visits.council import DEFAULT_TRIES, Council

KNOWN = {
    "DOORSTEP_ADDRESS": "the network address to listen on; 127.0.0.1 behind a proxy on the same machine",
    "DOORSTEP_COUNCIL": "the council's name, shown on the sign-in page",
    "DOORSTEP_DATA": "the data folder: database, photographs, backups",
    "DOORSTEP_DATABASE_URL": "postgresql://… ; without it a SQLite file in the data folder",
    "DOORSTEP_DEAD_MAN": "an address asked each minute while lone working is well, so that its silence alarms",
    "DOORSTEP_DEMO": "1 loads the demo council into an empty database and allows plain http on localhost",
    "DOORSTEP_ENGINE": "off when the due work runs in a process of its own",
    "DOORSTEP_GEOCODER": "address of a Nominatim server, for properties imported without a position",
    "DOORSTEP_HOSTS": "host names this server answers to, separated by commas",
    "DOORSTEP_LOG": "json or plain",
    "DOORSTEP_MAP_CREDIT": "whom the map's tiles are owed to, in the words their owner asks for",
    "DOORSTEP_MAP_TILES": "address of map tiles for the wall, with {z}, {x} and {y}; without it a plain grid",
    "DOORSTEP_NO_ACCESS_ATTEMPTS": "visits without access in a row after which the council does something else",
    "DOORSTEP_PHONE": "the council's telephone number, for the card left at a door and the household’s pages",
    "DOORSTEP_NOTIFY_CALLBACK": "the bearer token that GOV.UK Notify's callbacks carry",
    "DOORSTEP_NOTIFY_KEY": "an API key of the council's service in GOV.UK Notify; without it no message leaves",
    "DOORSTEP_NOTIFY_NUMBER": "the number of the council's service at which it takes texts in",
    "DOORSTEP_NOTIFY_TEMPLATES": "the ids of its templates, like inventory-sms=…,inventory-email=…",
    "DOORSTEP_NOTIFY_URL": "another address of GOV.UK Notify than its own",
    "DOORSTEP_PORT": "the port to listen on",
    "DOORSTEP_PROXY": "addresses of the proxy whose X-Forwarded-* headers are believed",
    "DOORSTEP_PUSH_KEY": "a PEM file with the P-256 key that notifications on phones are signed with",
    "DOORSTEP_PUSH_SERVICES": "addresses of further push services than those of the known browsers",
    "DOORSTEP_RECHARGES": "a file with the council's own list for recharges: expected lives, exemptions",
    "DOORSTEP_RETAIN_DOOR_PHOTOS_YEARS": "years to keep photographs of doors on visits; 0 keeps them",
    "DOORSTEP_RETAIN_HELD_DAYS": "days to keep what was held for review after it was decided; 0 keeps it",
    "DOORSTEP_RETAIN_INSPECTIONS_YEARS": "years to keep an inspection after it was completed; 0 keeps it",
    "DOORSTEP_RETAIN_OCCUPANCY_YEARS": "years to keep what an occupancy or welfare check found; 0 keeps it",
    "DOORSTEP_RETAIN_MESSAGES_DAYS": "days to keep the number and the words of a message that went out",
    "DOORSTEP_RETAIN_PHONES_DAYS": "days to remember a phone that sends nothing more; 0 remembers it",
    "DOORSTEP_RETAIN_TASKS_YEARS": "years to keep a task after it ended; 0 keeps it",
    "DOORSTEP_S3_KEY": "access key for s3:// storage",
    "DOORSTEP_S3_SECRET": "secret for s3:// storage",
    "DOORSTEP_SEAL_CERTIFICATE": "a PKCS#12 file with the council's certificate and key, to seal documents with",
    "DOORSTEP_SEAL_PASSPHRASE": "opens that file",
    "DOORSTEP_SEAL_TIMESTAMPS": "address of a time-stamping authority (RFC 3161) for the seals",
    "DOORSTEP_STORAGE": "a folder, or s3://bucket/prefix?endpoint=…",
    "DOORSTEP_WORD_KEY": "32 bytes in URL-safe base64 that seal officers' code words, the same on every server",
    "DOORSTEP_STYLEGUIDE": "1 shows /styleguide (development and tests)",
}
NOTIFY = "https://api.notifications.service.gov.uk"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "testserver.local")


@dataclass(frozen=True)
class Settings:
    address: str
    council: str
    data: Path
    database_url: str | None
    dead_man: str | None
    notify_socket: str
    demo: bool
    engine: bool
    geocoder: str | None
    hosts: tuple[str, ...]
    log: str
    map_credit: str
    map_tiles: str
    no_access_attempts: int
    phone: str
    notify_callback: str
    notify_key: str
    notify_number: str
    notify_templates: Mapping[str, str]
    notify_url: str
    port: int
    proxy: tuple[str, ...]
    push_key: Path | None
    push_services: tuple[str, ...]
    recharges: Path | None
    retain_door_photos_years: int
    retain_held_days: int
    retain_inspections_years: int
    retain_occupancy_years: int
    retain_messages_days: int
    retain_phones_days: int
    retain_tasks_years: int
    seal_certificate: Path | None
    seal_passphrase: str
    seal_timestamps: str | None
    storage: str
    s3_key: str | None
    s3_secret: str | None
    word_key: bytes
    styleguide: bool

    @property
    def sqlite_file(self) -> Path:
        return self.data / "doorstep.sqlite"

    @property
    def public_address(self) -> str:
        """Where people reach it: what a document's QR code leads to."""
        return f"http://localhost:{self.port}" if self.hosts[0] in LOCAL_HOSTS else f"https://{self.hosts[0]}"

    @property
    def visits(self) -> Council:
        return Council(self.council, self.no_access_attempts, self.phone)

    @property
    def sealing(self) -> Sealing:
        return Sealing(
            council=self.council,
            address=self.public_address,
            folder=self.data / "seal",
            certificate=self.seal_certificate,
            passphrase=self.seal_passphrase,
            timestamps=self.seal_timestamps or "",
        )

    @property
    def words(self) -> WordKey:
        return WordKey(self.data / "keys", self.word_key)

    @property
    def sending(self) -> Sending:
        return Sending(
            council=self.council,
            address=self.public_address,
            demo=self.demo,
            key=self.notify_key,
            url=self.notify_url,
            templates=self.notify_templates,
            token=self.notify_callback,
            number=self.notify_number,
        )

    @property
    def pushing(self) -> Pushing:
        return Pushing(
            address=self.public_address,
            folder=self.data / "push",
            key=self.push_key,
            services=self.push_services,
            demo=self.demo,
        )


def read(env: Mapping[str, str]) -> Settings:
    unknown = sorted(name for name in env if name.startswith("DOORSTEP_") and name not in KNOWN)
    if unknown:
        raise variables.WrongSetting(f"{unknown[0]} is not a setting of Doorstep; docs/running.md lists them.")
    data = Path(env.get("DOORSTEP_DATA", "data")).absolute()
    sealed_with, recharges = env.get("DOORSTEP_SEAL_CERTIFICATE"), env.get("DOORSTEP_RECHARGES")
    push_key = env.get("DOORSTEP_PUSH_KEY")
    return Settings(
        address=variables.listening(env.get("DOORSTEP_ADDRESS", "127.0.0.1")),
        council=env.get("DOORSTEP_COUNCIL", "Harrowmere Borough Council"),
        data=data,
        database_url=variables.database(env.get("DOORSTEP_DATABASE_URL")),
        dead_man=variables.address(env, "DOORSTEP_DEAD_MAN"),
        notify_socket=env.get("NOTIFY_SOCKET", ""),  # systemd's name for it
        demo=variables.switch(env, "DOORSTEP_DEMO", "0"),
        engine=variables.word(env, "DOORSTEP_ENGINE", ("on", "off")) == "on",
        geocoder=variables.address(env, "DOORSTEP_GEOCODER"),
        hosts=variables.listed(env.get("DOORSTEP_HOSTS")) or LOCAL_HOSTS,
        log=variables.word(env, "DOORSTEP_LOG", ("plain", "json")),
        map_credit=env.get("DOORSTEP_MAP_CREDIT", "").strip(),
        map_tiles=variables.tiles(env.get("DOORSTEP_MAP_TILES", "")),
        no_access_attempts=variables.number(env, "DOORSTEP_NO_ACCESS_ATTEMPTS", DEFAULT_TRIES, 1, 10),
        phone=variables.phone(env),
        notify_callback=variables.token(env.get("DOORSTEP_NOTIFY_CALLBACK", "")),
        notify_key=variables.notify_key(env.get("DOORSTEP_NOTIFY_KEY", "")),
        notify_number=variables.notify_number(env),
        notify_templates=variables.templates(env),
        notify_url=variables.address(env, "DOORSTEP_NOTIFY_URL") or NOTIFY,
        port=variables.number(env, "DOORSTEP_PORT", 8000, 1, 65535),
        proxy=variables.listed(env.get("DOORSTEP_PROXY")),
        push_key=Path(push_key).absolute() if push_key else None,
        push_services=variables.services(env),
        recharges=Path(recharges).absolute() if recharges else None,
        retain_door_photos_years=variables.number(env, "DOORSTEP_RETAIN_DOOR_PHOTOS_YEARS", 0, 0, 100),
        retain_held_days=variables.number(env, "DOORSTEP_RETAIN_HELD_DAYS", 0, 0, 36500),
        retain_inspections_years=variables.number(env, "DOORSTEP_RETAIN_INSPECTIONS_YEARS", 0, 0, 100),
        retain_occupancy_years=variables.number(env, "DOORSTEP_RETAIN_OCCUPANCY_YEARS", 0, 0, 100),
        retain_messages_days=variables.number(env, "DOORSTEP_RETAIN_MESSAGES_DAYS", 30, 1, 36500),
        retain_phones_days=variables.number(env, "DOORSTEP_RETAIN_PHONES_DAYS", 400, 0, 36500),
        retain_tasks_years=variables.number(env, "DOORSTEP_RETAIN_TASKS_YEARS", 0, 0, 100),
        seal_certificate=Path(sealed_with).absolute() if sealed_with else None,
        seal_passphrase=env.get("DOORSTEP_SEAL_PASSPHRASE", ""),
        seal_timestamps=variables.address(env, "DOORSTEP_SEAL_TIMESTAMPS"),
        storage=env.get("DOORSTEP_STORAGE") or str(data / "photos"),
        s3_key=env.get("DOORSTEP_S3_KEY"),
        s3_secret=env.get("DOORSTEP_S3_SECRET"),
        word_key=variables.word_key(env.get("DOORSTEP_WORD_KEY", "")),
        styleguide=variables.switch(env, "DOORSTEP_STYLEGUIDE", "0"),
    )


try:
    settings = read(os.environ)
except variables.WrongSetting as wrong:
    sys.exit(f"Doorstep did not start: {wrong}")
