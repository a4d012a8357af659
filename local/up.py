"""`make up`: from a fresh checkout to a photo named by the deployed API, and the page before it."""

from __future__ import annotations

import argparse
import fcntl
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.cloud import LocalCloud
from local.compiled_model import COMPILED, MODEL_ROOT, compile_model
from local.deployment import ROOT, Deployment, DeploymentError
from local.docs_site import build_docs_site
from local.layers import BUILD, build_local_layer
from local.loopback import open_here
from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import CannotContinueError, say, skip, step
from local.web.build import DIST, build_web
from local.web.serving import DEFAULT_PORT, LocalPage

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = ROOT / ".local"
API_FILE = LOCAL / "api.json"

# What the running functions have loaded: when it changes, they must start anew.
_LOADED = (
    MODEL_ROOT,
    COMPILED,
    ROOT / "requirements.txt",
    ROOT / "constraints.txt",
    ROOT / "local",
)
# What the deployment is made of.
_DEPLOYED = (
    *(ROOT / "app.py", ROOT / "cdk.json", ROOT / "stacks", ROOT / "functions"),
    *(BUILD / "shared.stamp", MODEL_ROOT, ROOT / "package-lock.json"),
)


def bring_up(cloud: LocalCloud) -> str:
    """Start `cloud` and deploy to it whatever of both is not there yet; return the API's URL.

    Raises `CannotContinueError` when something outside the checkout is in the way.
    """
    build_local_layer()
    build_docs_site()
    compile_model()
    fresh = _start_where_needed(cloud)
    try:
        return _deploy_where_needed(cloud)
    except DeploymentError:
        if fresh:
            raise
        say("    an earlier deployment is in the way: the local cloud starts anew, empty")
    cloud.stop()
    _start_where_needed(cloud)
    return _deploy_where_needed(cloud)


def _start_where_needed(cloud: LocalCloud) -> bool:
    """Return whether the cloud has just been started."""
    loaded = content_stamp(_LOADED)
    stamp_file = cloud.state / "loaded.stamp"
    running_port = cloud.running_port()
    if running_port == cloud.port and is_current(stamp_file, loaded):
        skip(f"Local cloud on port {cloud.port}")
        return False
    if running_port is not None:
        say("    the model, the packages or the port changed: the local cloud starts anew, empty")
        cloud.stop()
    with step(f"Local cloud on port {cloud.port}"):
        cloud.start()
    write_stamp(stamp_file, loaded)
    return True


def _deploy_where_needed(cloud: LocalCloud) -> str:
    deployment = Deployment(cloud)
    bootstrapped = cloud.state / "bootstrapped.stamp"
    if is_current(bootstrapped, "done"):
        skip("CDK bootstrap")
    else:
        with step("CDK bootstrap", deployment.bootstrap_log):
            deployment.bootstrap()
        write_stamp(bootstrapped, "done")
    deployed, stamp = cloud.state / "deployed.stamp", content_stamp(_DEPLOYED)
    if is_current(deployed, stamp) and _answers(deployment.url):
        skip("Stacks deployed")
    else:
        with step("Stacks synthesised"):
            deployment.synthesise()
        with step("Stacks deployed", deployment.deploy_log):
            deployment.deploy()
        write_stamp(deployed, stamp)
    return deployment.url


def _answers(url: str) -> bool:
    try:
        with open_here(f"{url}/health", 20):
            return True
    except OSError:
        return False


def serve_page(url: str, port: int) -> None:
    """Build the page and serve it, with the API at `url`.

    Where it cannot be built (a registry out of reach, a Node too old for Vite alone) the API is
    there all the same, and whoever came for that one is not to be stopped by the other.
    """
    API_FILE.write_text(json.dumps({"url": url, "tiles": _local_tiles()}) + "\n")
    try:
        build_web()
        LocalPage(LOCAL).serve(DIST, API_FILE, port)
    except CannotContinueError as error:
        say(f"\n{error}\n\nThe API works without the page. To try it again: make up")


def _local_tiles() -> dict[str, str] | None:
    """Return the tiles that cdk.json gives the local environment, which the CDK app has checked."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    settings = context["environments"]["local"]
    if not settings.get("map_tiles_url"):
        return None
    return {"url": settings["map_tiles_url"], "attribution": settings["map_tiles_attribution"]}


@contextmanager
def _alone() -> Iterator[None]:
    """Let only one `make up` or `make down` of this checkout work at a time."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  … another `make up` or `make down` is at work here: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Bring the local cloud up, or take it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--web-port", type=int, default=DEFAULT_PORT, help="or the next free one")
    parser.add_argument("--down", action="store_true", help="stop what was started, and only that")
    options = parser.parse_args()
    cloud = LocalCloud(LOCAL, options.port)
    try:
        with _alone():
            if options.down:
                API_FILE.unlink(missing_ok=True)
                stopped = [LocalPage(LOCAL).stop(), cloud.stop()]
                say(
                    "  ✓ Local cloud and page stopped"
                    if any(stopped)
                    else "  ✓ Nothing was running"
                )
            else:
                url = bring_up(cloud)
                serve_page(url, options.web_port)
                say(f"\nThe API answers at {url}")
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
