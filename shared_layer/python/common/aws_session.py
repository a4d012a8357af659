"""botocore, without what a cold start can do without.

Imported with the first client only, see `clients.py`. boto3 would bring resources, transfers and,
for them, `multiprocessing`: 30 ms of CPU and 2.5 MB more than the botocore below it, for methods
that no function here calls.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

if TYPE_CHECKING:
    from botocore.config import Config

Service = Literal["dynamodb", "lambda", "s3", "sesv2", "ssm"]
# Descriptions of services with nothing but what is called here, which the layer has beside this
# package (`local/aws_models.py` says how they are made). Where they are missing, as beside the
# sources, botocore's own are read: 20 ms and 7 to 13 MB more.
CUT_MODELS = Path(__file__).parents[1] / "aws_models"


class _PlainFiles(JSONFileLoader):
    """Reads botocore's files into plain dictionaries, which keep their order anyhow.

    botocore makes ordered ones, a Python call for each: with its list of endpoints, 1.2 MB, that
    took 15 ms, and takes 6.
    """

    def load_file(self, file_path: str) -> Any:  # noqa: ANN401 - as botocore's
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return json.loads(plain.read_bytes())
        return json.loads(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


class _OurServices(Loader):
    """Knows which services there are.

    botocore looks into each of its 430 folders to find out, twice for a client: 20 ms.
    """

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore's
        return list(get_args(Service))


@cache
def session() -> Session:
    """Return the process's session: the region and the credentials that its environment names."""
    made = Session()
    loader = _OurServices(extra_search_paths=[str(CUT_MODELS)], file_loader=_PlainFiles())
    made.register_component("data_loader", loader)
    return made


def create_client(service: Service, config: Config) -> Any:  # noqa: ANN401 - made at run time
    """Make a client of an AWS service in that session."""
    return session().create_client(service, config=config)
