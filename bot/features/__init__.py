"""The features of the bot, a module or a package each.

Each feature lists its commands, buttons, forms, menus, shortcuts and events in a `FEATURE`
(`bot.interaction.features`). To add a feature, add a module here and its line in `bot.routes`; help, suggestions and
completion follow from its rows, and a test asks for its line in docs/commands.md.
"""
