"""Personal API tokens, and what they may read."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.acts import Act
from domain.bearers import Bearer
from domain.tokens import derived_token, token_hash, well_formed
from storage import tokens
from storage.database import Database
from tracking.acts import Acts, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What is kept of an issued token: not the token."""

    last4: str
    replaced: bool


class Tokens:
    def __init__(self, database: Database, acts: Acts, keys: Sequence[bytes]) -> None:
        self._database = database
        self._acts = acts
        self._keys = keys

    async def issue(self, act: Act) -> tuple[str, Issued]:
        """A new token for the person, shown once; the one they had stops working."""
        purpose = f"{act.workspace_id}/{act.who}/{act.key}"

        async def effect(scene: Scene) -> Issued:
            token = derived_token(self._keys[0], purpose)
            replaced = await tokens.replace(
                scene.tx,
                scene.workspace_id,
                scene.person.id,
                token_hash=token_hash(token),
                last4=token[-4:],
            )
            return Issued(last4=token[-4:], replaced=replaced)

        issued = await self._acts.perform(act, Issued, effect)
        # A repeat after the keys were rotated was issued under an older one.
        candidates = [derived_token(key, purpose) for key in self._keys]
        return next(token for token in candidates if token.endswith(issued.last4)), issued

    async def bearer(self, token: str) -> Bearer | None:
        """Whose token it is; None when it is nobody's, revoked or mistyped."""
        if not well_formed(token):
            return None
        async with self._database.across() as tx:
            return await tokens.bearer(tx, token_hash(token))
