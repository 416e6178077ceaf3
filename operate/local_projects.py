"""The projects that exist in the local Slack's workspace at its start."""

from operate.service import Service

LOCAL_PROJECTS = ("API", "Website", "Support")


async def create_local_projects(service: Service) -> None:
    """Create those of the projects that do not exist yet."""
    for title in LOCAL_PROJECTS:
        await service.services.projects.ensure(service.workspace.id, title)
