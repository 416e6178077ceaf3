"""Renders docs/performance.md from the measurements."""

from dataclasses import dataclass

from bench.digests import MESSAGES, YEARS, Digests
from bench.load import Load
from bench.rest import Rest
from bench.years import FEW, MANY, Years


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of the report. Rates are per second on one core; `ours` and `bare` are medians of interleaved
    rounds."""

    machine: str
    ours: Load
    bare: Load
    transactions: float
    alone: Load
    rest: Rest
    years: Years
    digests: Digests
    start_seconds: float
    idle_mib: float
    loaded_mib: float


def render_report(figures: Figures) -> str:
    """Render the page docs/performance.md."""
    ours, bare, sent = figures.ours, figures.bare, figures.digests
    return f"""# Performance

Measured by `make bench`, which rewrites this page. {figures.machine}. The service has
one core, the load and PostgreSQL have the rest. Rates depend on the machine and on what else it does, so read the
ratios: they are of one run with the variants interleaved.

`/track start` and `stop` in turn over signed HTTP, 2,000 people, 8 connections:

| | per second | p50 ms | p99 ms | processor µs each |
|---|---|---|---|---|
| Bolt alone: one command that does nothing | {bare.rate:,.0f} | {bare.percentile(0.5):.1f} | {bare.percentile(0.99):.1f} | {bare.micros:.0f} |
| this service | {ours.rate:,.0f} | {ours.percentile(0.5):.1f} | {ours.percentile(0.99):.1f} | {ours.micros:.0f} |
| **ratio** | **{ours.rate / bare.rate:.2f}** | | | {ours.micros / bare.micros:.1f} |
| asyncpg alone: end the running row, insert the next, commit | {figures.transactions:,.0f} | | | |
| **ratio** of this service to it | **{ours.rate / figures.transactions:.2f}** | | | |

The REST API, 200 people with a token each, 8 connections:

| | per second | p50 ms | p99 ms | processor µs each |
|---|---|---|---|---|
| `GET /api/timer` | {_render_row(figures.rest.timer)} |
| `GET /api/time-entries?limit=50` | {_render_row(figures.rest.page)} |
| `POST /api/timer/start` | {_render_row(figures.rest.start)} |

| | |
|---|---|
| one person alone, p50 / p99 | {figures.alone.percentile(0.5):.1f} / {figures.alone.percentile(0.99):.1f} ms |
| `/track week` of a person with {FEW:,} / {MANY:,} entries, p50 | {_render_growth(figures.years.week)} |
| the Home tab opened and published, the same two people, p50 | {_render_growth(figures.years.home)} |
| one digest, from due to sent, processor time of the service | {sent.some.service:.1f} / {sent.many.service:.1f} ms |
| and of the database | {sent.some.database:.1f} / {sent.many.database:.1f} ms |
| processor time of a second in which nothing is due | {sent.idle:.0f} ms |
| start until ready, on a migrated database | {figures.start_seconds:.1f} s |
| memory after the start / after the load | {figures.idle_mib:.0f} / {figures.loaded_mib:.0f} MiB |

The second figure of a digest is for people with {YEARS:,} earlier entries, in a workspace where each of 2,000 people
was sent {MESSAGES} messages.

## Where the rest goes

Bolt's own share is the first row. Added to it are the operation and the card. The operation is one transaction with its
key, lock and clock, the person and their running timer, the project, the change, today's total, history, and the stored
answer: seven to nine round trips.

SQLAlchemy Core writes the statements, each is compiled once when its module is imported, and asyncpg runs them: the
same operation through SQLAlchemy's own engine takes about three times the processor time in the database layer.
asyncpg's reset of a returned connection, one more round trip, is left out, because nothing here leaves state on a
session ([decision 1](decisions/01-sqlalchemy-core-and-asyncpg.md)).
"""


def _render_row(load: Load) -> str:
    return f"{load.rate:,.0f} | {load.percentile(0.5):.1f} | {load.percentile(0.99):.1f} | {load.micros:.0f}"


def _render_growth(milliseconds: tuple[float, float]) -> str:
    few, many = milliseconds
    return f"{few:.1f} / {many:.1f} ms, **{many / few:.2f}** times"
