"""`docs/cost.md`: the text of `page.md` with the bills, the measurements and the prices in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from local.cost.bill import total
from local.cost.measured import CALL_MS, ONE_CORE_MB
from local.cost.tables import (
    bills_of,
    compute_table,
    more_table,
    price_table,
    request_table,
    start_table,
    sum_table,
    write_bill,
)
from local.cost.traffic import DEFAULT_MIX, KEPT_WARM_MINUTES, MIXES, REQUESTS, REQUESTS_A_CHECK
from local.cost.usage import HOURS_LOOKED_AT, LOOKS_A_MONTH, REQUESTS_A_VISIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cost.measured import Measurements
    from local.cost.prices import PriceTable
    from local.cost.tables import Bills
    from local.cost.templates import Deployment

TEXT = Path(__file__).with_suffix(".md")


def write_page(
    deployments: Mapping[str, Deployment], measured: Measurements, table: PriceTable
) -> str:
    """Return the page; `deployments` are `production`, `folded`, `web` and `staging`."""
    production = deployments["production"]
    mix = MIXES[DEFAULT_MIX]

    def bills(*together: Deployment) -> Bills:
        return bills_of(together, mix, REQUESTS, measured, table)

    alone, folded = bills(production), bills(deployments["folded"])
    with_web = bills(deployments["web"])
    both = bills(production, deployments["staging"])
    idle = {line.item: line.dollars for line in alone[0]}
    machine = measured.machine
    return TEXT.read_text(encoding="utf-8").format(
        region=table.region,
        looked_up=table.looked_up,
        free_tier=table.free_tier_note,
        glance=sum_table(
            {
                "as deployed": alone,
                "with `dashboards=folded`": folded,
                "with the web page, `web=true`": with_web,
            }
        ),
        web=more_table(with_web, alone, table),
        web_files=measured.page.files,
        web_kb=f"{measured.page.compressed_bytes / 1000:,.0f}",
        visit=REQUESTS_A_VISIT,
        idle=f"{total(alone[0]):,.2f}",
        dashboard_dollars=f"{idle['cloudwatch_dashboards']:,.2f}",
        dashboards=len(production.dashboards),
        image_gb=f"{measured.image_gb:.2f}",
        image_source=measured.image_source,
        bill=write_bill(alone, table),
        together=sum_table({"production alone": alone, "and staging": both}),
        both=write_bill(both, table),
        mixes=sum_table(
            {
                f"`{name}`: {one.title}": bills_of([production], one, REQUESTS, measured, table)
                for name, one in MIXES.items()
            }
        ),
        shares=", ".join(f"`{route}` {share:.1%}" for route, share in mix.shares.items()),
        machine_date=machine["date"],
        cores=machine["cores"],
        processor=machine["processor"],
        load=machine["load_average"],
        photo_bytes=f"{machine['photo_bytes']:,}",
        network="compiled" if machine["compiled_network"] else "not compiled",
        requests=request_table(production, measured),
        starts=start_table(production, measured),
        compute=compute_table(production, mix, REQUESTS, measured),
        core_mb=f"{ONE_CORE_MB:,}",
        waits=", ".join(f"{name} {ms:g}" for name, ms in CALL_MS.items()),
        kept=KEPT_WARM_MINUTES,
        checked=REQUESTS_A_CHECK,
        looks=LOOKS_A_MONTH,
        hours=HOURS_LOOKED_AT,
        table_bytes=f"{measured.table_bytes_a_request:,}",
        prices=price_table(table),
        how=table.how,
        not_counted="\n".join(f"- {line}" for line in table.not_counted),
    )
