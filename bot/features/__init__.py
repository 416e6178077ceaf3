"""What people can do in Slack: a module or a package for each feature.

Each lists its commands, buttons, forms, menus, shortcuts and events in a `FEATURE` (`bot.interaction.features`). A new
feature is a new module here and its line in `bot.routes`; help, suggestions and completion follow from its rows, and a
test asks for its line in docs/commands.md.
"""
