"""What every demo begins from: the generated parish with its indexes, and the shipped policy, compiled.

Both are made once, beside the environment that Redstick is installed in, under a digest of everything that they are
made of: other code or other policies make another base, and an old one is never read.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import msgspec

import redstick
from redstick.adapters.cedar.compiling import compile_folder
from redstick.adapters.city_folder import build_geocoder, open_router
from redstick.bootstrap import SHIPPED_POLICIES, command_kinds
from redstick.geo.city import City, Place, load_city, save_city
from redstick.kernel.authority.policy import Policy
from redstick.simulation.parish import Parish, generate, save_companion

SEED = 7  # of the parish; a demo's own seed is that of its shift
MADE_OF = ("simulation/parish", "geo/city", "geo/geocoder", "geo/routing", "adapters/cedar", "kernel/authority")
KEPT_BELOW = Path(sys.prefix) / "var" / "redstick"


class Authorities(msgspec.Struct, frozen=True):
    """The shipped policy and the house's own actors."""

    policy: Policy
    services: dict[str, list[str]]


class Base(NamedTuple):
    """Where the city lies, the city, and who may do what in it."""

    folder: Path
    parish: Parish
    authorities: Authorities


def open_base(size: str, tell: Callable[[str], None], kept_below: Path = KEPT_BELOW) -> Base:
    """The base of a size of parish, made if it is not there. Raises OSError where nothing can be kept or made."""
    place = kept_below / f"{size}-{digest()}"
    if not (place / "authorities.json").is_file():
        tell(f"making the {size} parish, once")
        _make(place, size)
    city = load_city(place / "city")
    authorities = msgspec.json.decode((place / "authorities.json").read_bytes(), type=Authorities)
    return Base(place / "city", Parish(city, hospital_of(city)), authorities)


def digest() -> str:
    """What the base is made of, in 16 hexadecimal digits."""
    package = Path(redstick.__file__).parent
    sources = [path for folder in MADE_OF for path in (package / folder).rglob("*.py")]
    policies = [path for path in SHIPPED_POLICIES.iterdir() if path.is_file()]
    return _digest_of([*sources, *policies], json.dumps([command_kinds(), SEED]))


def _digest_of(files: Iterable[Path], words: str) -> str:
    found = hashlib.sha256(words.encode())
    for path in sorted(files):
        found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _make(place: Path, size: str) -> None:
    """Whole or not at all: in a folder beside, that is then renamed; what an older build has left is removed."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{size}-", dir=place.parent))
    try:
        parish = generate(SEED, size)

        def finish(city: City, folder: Path) -> None:
            build_geocoder(folder, city)
            open_router(folder, city)
            save_companion(folder, parish)

        save_city(draft / "city", parish.city, finish)
        found = compile_folder(SHIPPED_POLICIES, command_kinds())
        authorities = Authorities(found.policy, found.words.services)
        (draft / "authorities.json").write_bytes(msgspec.json.encode(authorities))
        for old in place.parent.glob(f"{size}-*"):
            shutil.rmtree(old, ignore_errors=True)
        if not place.exists():  # another one may have been quicker
            draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def hospital_of(city: City) -> Place:
    """Where ambulances drive to: the first hospital, which at full size is the great one."""
    return next(place for place in city.places if place.kind == "hospital")
