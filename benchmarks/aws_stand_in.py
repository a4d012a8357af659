"""AWS as far as the functions ask it, in this process: answers at once, and keeps what it is told.

DynamoDB: reads of what lies in `items`; every write succeeds and is kept where it is a whole item,
but for answers to images, so that none is found again. S3 gives `uploads` by key, Lambda gives
`prediction`, and SSM the signing keys, with a token for vision models that is not set.
"""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from benchmarks.lambda_environment import SIGNING_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

Item = dict[str, Any]


@dataclass
class StandIn:
    """What it knows. Items are in DynamoDB's own form, by partition and sort key."""

    endpoint: str = ""
    items: dict[str, dict[str, Item]] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    prediction: Item = field(default_factory=dict)

    def keep(self, item: Item) -> None:
        """Keep an item, in place of the one before it."""
        partition = item["PK"]["S"]
        if not partition.startswith("IMAGE#"):
            self.items.setdefault(partition, {})[item["SK"]["S"]] = item

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the body of an answer of DynamoDB or SSM."""
        if operation == "GetParameter":
            value = SIGNING_KEYS if asked["Name"].endswith("jwt-keys") else "unset"
            return {"Parameter": {"Name": asked["Name"], "Value": value}}
        if operation == "GetItem":
            found = self.items.get(asked["Key"]["PK"]["S"], {}).get(asked["Key"]["SK"]["S"])
            return {"Item": found} if found else {}
        if operation == "Query":
            return self._query(asked)
        if operation == "PutItem":
            self.keep(asked["Item"])
        for write in asked.get("TransactItems", []):
            if "Put" in write:
                self.keep(write["Put"]["Item"])
        return {"Attributes": asked.get("Key", {}), "UnprocessedItems": {}}

    def _query(self, asked: dict[str, Any]) -> dict[str, Any]:
        values = asked["ExpressionAttributeValues"]
        partition, prefix = values[":pk"]["S"], values.get(":sk", {}).get("S", "")
        after = asked.get("ExclusiveStartKey", {}).get("SK", {}).get("S", "")
        found = [
            item
            for sort_key, item in sorted(self.items.get(partition, {}).items())
            if sort_key.startswith(prefix) and sort_key > after
        ]
        page = found[: asked["Limit"]]
        rest = {name: page[-1][name] for name in ("PK", "SK")} if len(found) > len(page) else None
        return {"Items": page, **({"LastEvaluatedKey": rest} if rest else {})}


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Serve on a port of this machine; gives what is asked, with its address."""
    knows = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body at once: apart, the second would wait 40 ms for an acknowledgement.
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            target = self.headers.get("x-amz-target", "")
            if target:
                answer = knows.answer(target.rpartition(".")[2], json.loads(body))
            else:
                answer = {"answer": knows.prediction}
            text = json.dumps(answer, default=lambda raw: base64.b64encode(raw).decode("ascii"))
            self._send(text.encode(), "application/x-amz-json-1.1")

        def do_GET(self) -> None:
            self._send(knows.uploads[self.path.partition("?")[0].split("/", 2)[2]], "image/png")

        def _send(self, body: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    knows.endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        yield knows
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
