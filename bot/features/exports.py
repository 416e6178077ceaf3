"""Exports: order a file of one's entries, which arrives as a direct message."""

from bot.interaction.context import BotContext, Command
from bot.interaction.features import Feature
from bot.interaction.interactions import Interaction
from bot.views import exports
from bot.views.blocks import Response
from domain.entries.exports import ExportFormat, ExportParams
from domain.errors import NotUnderstood
from domain.language.periods import parse_period
from domain.time.periods import Period
from files.exports import FILE_FORMATS


async def order_export(context: BotContext, interaction: Interaction, params: ExportParams) -> Response:
    return Response(exports.render_order(await context.services.exports.order(interaction.request, params)))


def parse_export(rest: str) -> ExportParams:
    """Parse a period as reports take it, with a file format anywhere among its words."""
    words, file_format = rest.lower().split(), ExportFormat.CSV
    if named := [word for word in words if word.strip(".,") in _FORMATS]:
        if len(named) > 1:
            raise NotUnderstood("One file at a time, please: `csv`, `xlsx`, `ics` or `json`.")
        file_format = _FORMATS[named[0].strip(".,")]
        at = words.index(named[0])
        words[(at - 1 if at and words[at - 1] in {"as", "in", "to"} else at) : at + 1] = []
    phrase = " ".join(words)
    period = parse_period(phrase) if phrase else Period.THIS_MONTH
    if period is None:
        raise NotUnderstood(
            f"I didn't understand “{phrase[:60]}” as days to export. I know `/track export last month xlsx`, "
            "`export october json` and `export 1 nov to 12 nov`; the formats are csv, xlsx, ics and json."
        )
    return ExportParams(period=period, format=file_format)


_FORMATS = {word: row.format for row in FILE_FORMATS for word in (row.format.value, *row.words)}


FEATURE = Feature(
    commands=(
        Command(
            "export",
            "export [period] [csv, xlsx, ics, json]",
            "Your entries as a file, in our direct messages. Without a period it is this month, without a format CSV.",
            ("export", "export last month xlsx", "export 1 nov to 12 nov json"),
            parse_export,
            order_export,
        ),
    )
)
