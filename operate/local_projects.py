"""The projects with which the local Slack's workspace begins."""

from operate.service import Service

LOCAL_PROJECTS = ("API", "Website", "Support")


async def create_local_projects(service: Service) -> None:
    """Create each project that does not exist yet."""
    for title in LOCAL_PROJECTS:
        await service.services.projects.ensure(service.workspace.id, title)
