"""What every demo begins from: the generated parish with its indexes, and the shipped policy, compiled.

Both are made once, beside the environment that Redstick is installed in, under a digest of everything that they are
made of: other code, other libraries or other policies make another base, and an old one is never read.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import msgspec

import redstick
from redstick.adapters.city_folder import build_geocoder, open_router
from redstick.bootstrap import SHIPPED_POLICIES, command_kinds
from redstick.geo.city import City, Place, load_city, save_city
from redstick.kernel.authority.policy import Policy
from redstick.simulation.parish import Parish, save_companion

SEED = 7  # of the parish; a demo's own seed is that of its shift
MADE_BY = ("simulation/parish", "geo/city", "geo/geocoder", "geo/routing", "geo/roads.py")
# What stands in the base may hang on these libraries too.
MADE_WITH = ("numpy", "scipy", "shapely", "rapidfuzz", "pyproj", "pyroutingkit")
COMPILED_BY = ("policies", "kernel/authority", "adapters/cedar")
KEPT_BELOW = Path(sys.prefix) / "var" / "redstick"
PACKAGE = Path(redstick.__file__).parent


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
    """The base of a size of parish; what is not there yet is made. Raises OSError where nothing can be kept or made."""
    words = json.dumps([SEED, *map(version, MADE_WITH)])
    folder = kept_below / f"{size}-{digest_of(MADE_BY, words)}"
    if not (folder / "city.json").is_file():
        tell(f"making the {size} parish, once")
        _make_city(folder, size)
    policy = kept_below / f"policy-{digest_of(COMPILED_BY, json.dumps(command_kinds()))}.json"
    if not policy.is_file():
        tell("compiling the policy, once")
        _make_policy(policy)
    city = load_city(folder)
    authorities = msgspec.json.decode(policy.read_bytes(), type=Authorities)
    return Base(folder, Parish(city, hospital_of(city)), authorities)


def digest_of(made_of: Iterable[str], words: str) -> str:
    """Of every file in these parts of the package, and of words beside them: 16 hexadecimal digits."""
    found = hashlib.sha256(words.encode())
    for part in made_of:
        place = PACKAGE / part
        files = sorted(one for one in place.rglob("*") if one.suffix != ".pyc") if place.is_dir() else [place]
        for path in files:
            if path.is_file():
                found.update(f"{path.relative_to(PACKAGE)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _make_city(place: Path, size: str) -> None:
    """Whole or not at all: in a folder beside, that is then renamed; what an older build has left is removed."""
    from redstick.simulation.parish import generate  # noqa: PLC0415 (a second of imports that only this needs)

    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{size}-", dir=place.parent))
    try:
        parish = generate(SEED, size)

        def finish(city: City, folder: Path) -> None:
            build_geocoder(folder, city)
            open_router(folder, city)
            save_companion(folder, parish)

        save_city(draft / "city", parish.city, finish)
        for old in place.parent.glob(f"{size}-*"):
            shutil.rmtree(old, ignore_errors=True)
        if not place.exists():  # another one may have been quicker
            (draft / "city").rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _make_policy(place: Path) -> None:
    """Compiled from the shipped files, beside its name and then renamed."""
    from redstick.adapters.cedar.compiling import compile_folder  # noqa: PLC0415 (only this needs Cedar)

    found = compile_folder(SHIPPED_POLICIES, command_kinds())
    for old in place.parent.glob("policy-*"):
        old.unlink(missing_ok=True)
    beside = place.with_name(f".{place.name}.part")
    beside.write_bytes(msgspec.json.encode(Authorities(found.policy, found.words.services)))
    beside.replace(place)


def hospital_of(city: City) -> Place:
    """Where ambulances drive to: the first hospital, which at full size is the great one."""
    return next(place for place in city.places if place.kind == "hospital")
