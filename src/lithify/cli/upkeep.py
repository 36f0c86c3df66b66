"""`lithify upkeep`."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal, InvalidOperation

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable
from lithify.cli.run_json import plain
from lithify.errors import BadInput

NEEDS_PERSON = 12


@click.command()
@click.option(
    "--propose", is_flag=True, help="Put each proposed change on a branch of its own, upkeep/DAY/TOOL-CHANGE."
)
@click.option(
    "--share",
    is_flag=True,
    help="Commit how the tools did here (digests only), and settle their status by all evidence.",
)
@click.option(
    "--unused",
    type=click.IntRange(min=1),
    default=90,
    show_default=True,
    metavar="DAYS",
    help="Days without a use after which a tool is unused.",
)
@click.option("--with-model", is_flag=True, help="Make the shadow checks that are due, too.")
@click.option(
    "--checks", type=click.IntRange(min=1), default=5, show_default=True, metavar="N", help="Shadow checks at most."
)
@click.option(
    "--calls",
    type=click.IntRange(min=2),
    default=50,
    show_default=True,
    metavar="N",
    help="Model calls of all checks together, at most.",
)
@click.option(
    "--max-cost",
    metavar="USD",
    help="US dollars of all checks together, at most; every model must then have a known price.",
)
@library_option
@json_option
@click.pass_obj
def upkeep(  # noqa: PLR0913 - one parameter an option is how click hands them over
    given: Given,
    propose: bool,
    share: bool,
    unused: int,
    with_model: bool,
    checks: int,
    calls: int,
    max_cost: str | None,
    library: str | None,
    json_: bool,
) -> int:
    """Look at the whole library again and say, on one page, what a person should see. For cron: no model is asked.

    Every tool's own uses and tests are run in the sandbox with the Python and the packages of today. Drift of the
    inputs, agreement of checks, unused tools, tools that do the same, callers and the lock are told. Changes are
    proposed for tools that a person neither wrote nor edited; merge a branch to say yes, delete it to say no. Nothing
    is deleted, and without --share nothing that is checked out changes.

    Exit code 12 when something waits for a person, 0 when all is well.
    """
    from lithify.cli.upkeep_lines import page_lines
    from lithify.services.upkeep_checks import Budget
    from lithify.services.upkeeping import Order

    budget = Budget(checks=checks, calls=calls, cost=_dollars(max_cost)) if with_model else None
    order = Order(unused=unused, propose=propose, share=share, budget=budget)
    with given.with_library(library).lab() as lab:
        page = lab.upkeep(order)
    if json_:
        told = {one.name: plain(getattr(page, one.name)) for one in fields(page)}
        click.echo(as_json({**told, "needs_person": page.needs_person}))
    else:
        for line in page_lines(page):
            click.echo(printable(line))
    return NEEDS_PERSON if page.needs_person else 0


def _dollars(given: str | None) -> Decimal | None:
    """Raises BadInput for what is no amount above 0."""
    if given is None:
        return None
    try:
        cost = Decimal(given.removeprefix("$"))
    except InvalidOperation:
        cost = Decimal(0)
    if not cost.is_finite() or cost <= 0:
        raise BadInput(f"--max-cost {given}: give US dollars above 0, for example --max-cost 0.50")
    return cost
