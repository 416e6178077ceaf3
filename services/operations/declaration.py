"""Declaring operations. A decorated function stays callable from other operations; in a class of operations it becomes
a method that runs in a transaction of its own:

    @operation(needs=Needs.ZONE)
    async def confirm_day(context: OperationContext, day: date) -> DayReport: ...

    class Days(OperationGroup):
        confirm = confirm_day

    report = await Days(runner).confirm(request, day)  # one operation
    report = await confirm_day(context, day)           # a step of an operation that is under way
"""

import typing
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial, update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from domain.history.operations import OperationRequest
from domain.permissions import Needs
from services.operations.context import (
    CheckChanges,
    Context,
    ImpersonalContext,
    OpenContext,
    OperationContext,
    allow_any_change,
    check_own_changes,
    open_context_about_person,
    open_context_for_person,
    open_impersonal_context,
)
from services.operations.runner import OperationRunner, Rule

P = ParamSpec("P")
Answer = TypeVar("Answer")


class OperationGroup:
    """The operations on one subject, and the runner that runs them."""

    def __init__(self, runner: OperationRunner) -> None:
        self.runner = runner


class Operation(Rule[Context, P, Answer]):
    """A declared operation. Called directly, it is the plain function; as an attribute of an OperationGroup, it runs
    in its own transaction."""

    def __init__(
        self,
        function: Callable[Concatenate[Context, P], Awaitable[Answer]],
        open_context: OpenContext[Context],
        check_changes: CheckChanges[Context],
    ) -> None:
        answer_type = typing.get_type_hints(function)["return"]
        super().__init__(function, answer_type, open_context, check_changes)
        update_wrapper(self, function)

    def __call__(self, context: Context, *args: P.args, **kwargs: P.kwargs) -> Awaitable[Answer]:
        return self.function(context, *args, **kwargs)

    def __get__(
        self, group: OperationGroup, owner: type[OperationGroup]
    ) -> Callable[Concatenate[OperationRequest, P], Coroutine[Any, Any, Answer]]:
        return partial(group.runner.run, self)


PersonalFunction = Callable[Concatenate[OperationContext, P], Awaitable[Answer]]
ImpersonalFunction = Callable[Concatenate[ImpersonalContext, P], Awaitable[Answer]]


@overload
def operation(function: PersonalFunction[P, Answer], /) -> Operation[OperationContext, P, Answer]: ...


@overload
def operation(
    *, needs: Needs
) -> Callable[[PersonalFunction[P, Answer]], Operation[OperationContext, P, Answer]]: ...


def operation(
    function: PersonalFunction[P, Answer] | None = None, /, *, needs: Needs = Needs.STANDING
) -> (
    Operation[OperationContext, P, Answer]
    | Callable[[PersonalFunction[P, Answer]], Operation[OperationContext, P, Answer]]
):
    """Declare an operation that a person asks for. `needs` says what we must know of them. Guests may not change what
    others share."""

    def declare(function: PersonalFunction[P, Answer]) -> Operation[OperationContext, P, Answer]:
        return Operation(function, partial(open_context_for_person, needs=needs), check_own_changes)

    return declare(function) if function else declare


def operation_about_person(
    function: PersonalFunction[P, Answer], /
) -> Operation[OperationContext, P, Answer]:
    """Declare an operation that is done to a person, whatever their own rights."""
    return Operation(function, open_context_about_person, allow_any_change)


def impersonal_operation(
    function: ImpersonalFunction[P, Answer], /
) -> Operation[ImpersonalContext, P, Answer]:
    """Declare an operation that concerns no person."""
    return Operation(function, open_impersonal_context, allow_any_change)
