"""Help: list the commands, explain one, and run the command suggested for a typing error."""

from bot.features.help import views
from bot.interaction.answers import respond
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature
from bot.interaction.interactions import Interaction
from bot.views.blocks import Response
from bot.views.notices import RUN


async def show_help(context: BotContext, _interaction: Interaction, name: str) -> Response:
    """Show all commands, or with `name` that command with examples."""
    if command := context.commands.find(name):
        return Response(views.render_command(command.usage, command.about, command.examples))
    commands = context.commands.commands
    return Response(views.render_commands([(one.name, one.usage, one.about) for one in commands]))


def parse_help(rest: str) -> str:
    """Parse the name of a command, with or without /track before it."""
    return rest.lower().removeprefix("/track").strip()


FEATURE = Feature(
    commands=(
        Command(
            "help",
            "help [command]",
            "What you can type, with examples.",
            ("help", "help start"),
            parse_help,
            show_help,
        ),
    ),
    buttons=(Button(RUN, respond, answered_once=True),),
)
