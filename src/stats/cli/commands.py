"""The commands: each calls the library for one county or for all of a region, and shows the result. Holds no rule."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stats.cli.application import app, tell_beforehand
from stats.cli.options import (
    ALL_FORMATS,
    BytesOption,
    ChineseHelp,
    ClusterOption,
    DisclosureOption,
    EditionOption,
    EngineOption,
    ForceOption,
    FormatOption,
    JobsOption,
    JsonOption,
    MemoryOption,
    OverwriteOption,
    RebuildOption,
    RetryOption,
    SecondsOption,
    TrustOption,
    UnitOption,
    WorkspaceOption,
    YearArgument,
    selected_formats,
)
from stats.errors import ParamsError
from stats.terminal import say, say_ending, say_json

if TYPE_CHECKING:
    from stats.build.documents.job import Engine
    from stats.build.progress import Events, ProgressBar
    from stats.build.workspace.region import Answer, Chosen
    from stats.params import Params


@app.command("form", cls=ChineseHelp, help="生成当年空白报表，每个单位一份。")
def form(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    unit: UnitOption = None,
    force: OverwriteOption = False,
    as_json: JsonOption = False,
) -> int:
    from stats.build import console
    from stats.build.workspace import blank_forms
    from stats.build.workspace.region import Answer, Chosen

    chosen = Chosen(year, units=tuple(unit or ()), tolerant=True)

    def act(params: Params) -> Answer:
        result = blank_forms.write_forms(params, units=chosen.units_of(params), force=force)
        folder = result.folder.relative_to(params.workspace).as_posix()
        return Answer(
            result.exit_code,
            blank_forms.to_json(params, result),
            f"新写 {len(result.written)} 份，无变化 {len(result.unchanged)} 份，未覆盖 {len(result.kept)} 份",
            partial(console.show_forms, result, folder=folder),
            console.forms_reason(result),
        )

    return _answered(workspace, chosen, act, as_json=as_json)


@app.command("check", cls=ChineseHelp, help="读取并核对全部来文，写出问题清单（只供县里使用），不生成附件。")
def check(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> int:
    from stats import report, returns
    from stats.build import check as checking
    from stats.build import console
    from stats.build.state.output_paths import OutputPaths
    from stats.build.tables.findings_table import write_findings
    from stats.build.workspace import confirmation
    from stats.build.workspace.region import Answer, Chosen

    chosen = Chosen(year, units=tuple(unit or ()), tolerant=True)

    def act(params: Params) -> Answer:
        units = chosen.units_of(params)
        memory = OutputPaths(params.workspace, params.year, params.edition).memory()
        examined = report.examine(params, memory, tolerant=True)
        lying = returns.unread(params, examined.received.get(params.year, frozenset()), memory)
        examined = replace(examined, findings=(*examined.findings, *lying))
        result = checking.check(params, examined, units=units)
        path = write_findings(params, examined.findings).relative_to(params.workspace).as_posix()
        return Answer(
            result.exit_code,
            checking.to_json(params, result, written=path),
            console.check_summary(result),
            partial(console.show_check, result, written=path),
            console.check_reason(result, params),
        )

    return _answered(workspace, chosen, confirmation.telling(act), as_json=as_json)


@app.command("build", cls=ChineseHelp, help="生成全套附件；没有变化的不重做。")
def build(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    unit: UnitOption = None,
    formats: FormatOption = ALL_FORMATS,
    jobs: JobsOption = None,
    engine: EngineOption = "warm",
    timeout: SecondsOption = 600,
    memory: MemoryOption = 3072,
    retry: RetryOption = 0,
    cluster: ClusterOption = "",
    return_bytes: BytesOption = False,
    trust_notebooks: TrustOption = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> int:
    from stats.build import cluster as cluster_extra
    from stats.build import console, run
    from stats.build.processes import workers
    from stats.build.state.build_state import Options
    from stats.build.workspace.region import Answer, Chosen

    if cluster:
        cluster_extra.part("connection").check_address(cluster)
    chosen = Chosen(year, edition, tuple(unit or ()))
    kind = _engine(engine)
    options = Options(
        jobs=jobs or _workers(kind),
        formats=selected_formats(formats),
        force=force,
        engine=kind,
        seconds=timeout,
        memory=memory * 2**20,
        retries=retry,
        cluster=cluster,
        return_bytes=return_bytes,
        trust_notebooks=trust_notebooks,
    )
    with _watched(as_json) as watcher:

        def act(params: Params) -> Answer:
            result = run.build(params, replace(options, units=chosen.units_of(params)), watcher)
            shown = {
                "folder": _shown(result.folder, params),
                "internal": _shown(result.paths.internal_of_year, params),
            }
            return Answer(
                result.exit_code,
                run.to_json(params, result, **shown),
                console.result_summary(result),
                partial(console.show_result, result, **shown),
                console.result_reason(result, params),
            )

        return _answered(workspace, chosen, act, as_json=as_json, before=watcher.pause, around=workers.several_teams)


@app.command("status", cls=ChineseHelp, help="逐份说明附件是否最新、为什么要重做；不生成。")
def status(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    formats: FormatOption = ALL_FORMATS,
    as_json: JsonOption = False,
) -> int:
    from stats.build import console
    from stats.build.state import status as standing
    from stats.build.state.build_state import Options
    from stats.build.workspace import confirmation
    from stats.build.workspace.region import Answer, Chosen

    options = Options(jobs=1, formats=selected_formats(formats))

    def act(params: Params) -> Answer:
        found = standing.status(params, options)
        folder = _shown(found.folder, params)
        return Answer(
            found.exit_code,
            standing.to_json(params, found, folder=folder),
            console.status_summary(found),
            partial(console.show_status, found, folder=folder),
            console.status_reason(found, params),
        )

    return _answered(workspace, Chosen(year, edition), confirmation.telling(act), as_json=as_json)


@app.command("verify", cls=ChineseHelp, help="核对已发布的文件与清单是否一致。")
def verify(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    rebuild: RebuildOption = False,
    disclosure: DisclosureOption = False,
    formats: FormatOption = ALL_FORMATS,
    jobs: JobsOption = None,
    engine: EngineOption = "warm",
    as_json: JsonOption = False,
) -> int:
    from stats.build import console, protection
    from stats.build import verify as verifying
    from stats.build.processes import workers
    from stats.build.state.build_state import Options
    from stats.build.workspace import confirmation
    from stats.build.workspace.region import Answer, Chosen

    kind = _engine(engine)
    options = Options(jobs=jobs or _workers(kind), formats=selected_formats(formats), engine=kind)
    with _watched(as_json) as watcher:

        def act(params: Params) -> Answer:
            found = verifying.verify(params)
            if rebuild and not found.differences:
                found = verifying.rebuild(params, options, watcher)
            folder = _shown(found.folder, params)
            answer = Answer(
                found.exit_code,
                verifying.to_json(params, found, folder=folder),
                console.verification_summary(found),
                partial(console.show_verification, found, folder=folder),
                console.verification_summary(found),
            )
            return protection.also_proved(params, answer) if disclosure else answer

        return _answered(
            workspace,
            Chosen(year, edition, tolerant=not rebuild),
            confirmation.telling(act),
            as_json=as_json,
            before=watcher.pause,
            around=workers.several_teams,
        )


@app.command("issue", cls=ChineseHelp, help="登记本版资料已印发；以后各版连同已印发的数一起保护。")
def issue(
    year: YearArgument = None,
    workspace: WorkspaceOption = None,
    edition: EditionOption = None,
    as_json: JsonOption = False,
) -> int:
    from stats.build import console, issuing
    from stats.build.workspace.region import Answer, Chosen

    def act(params: Params) -> Answer:
        found = issuing.issue(params)
        return Answer(
            found.exit_code,
            issuing.to_json(params, found),
            console.issue_summary(found),
            partial(console.show_issue, found),
        )

    return _answered(workspace, Chosen(year, edition), act, as_json=as_json)


def _answered(
    workspace: Path | None,
    chosen: Chosen,
    act: Callable[[Params], Answer],
    *,
    as_json: bool,
    before: Callable[[], None] = lambda: None,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Act in the county, or in every county of a region, and show what came of it.

    ``before`` clears the screen; ``around`` is entered where there are several counties.
    """
    from stats import params as parameters
    from stats.build.workspace.region import each, gravest

    region = parameters.find_region() if workspace is None else workspace.resolve()
    if region is None or not parameters.is_region(region):
        params = chosen.load(parameters.find_workspace() if region is None else region)
        tell_beforehand(params)
        answer = act(params)
        before()
        if as_json:
            say_json({**answer.content, "reason": answer.reason if answer.exit_code else ""}, indent=1)
        else:
            answer.show()
            say_ending(answer.exit_code, answer.reason)
        return answer.exit_code
    codes, contents, troubled = set(), [], []
    with around():
        for name, answer in each(region, chosen, act):
            codes.add(answer.exit_code)
            troubled += [name] if answer.exit_code else []
            before()
            if as_json:
                contents.append({"county": name, **answer.content})
            else:
                say(f"{name}：{answer.summary}")
    if as_json:
        say_json({"exit_code": gravest(codes), "counties": contents}, indent=1)
    else:
        say_ending(gravest(codes), f"{len(troubled)} 个县有问题（{'、'.join(troubled[:8])}），见上")
    return gravest(codes)


@contextmanager
def _watched(as_json: bool) -> Iterator[Events | ProgressBar]:
    """Whoever watches a run: the person at the terminal, or a machine."""
    from stats.build.progress import Events, ProgressBar

    watcher = Events() if as_json else ProgressBar()
    try:
        yield watcher
    finally:
        watcher.end()


def _shown(folder: Path, params: Params) -> str:
    return folder.relative_to(params.workspace).as_posix()


def _engine(name: str) -> Engine:
    engines: dict[str, Engine] = {"warm": "warm", "stock": "stock"}
    if name not in engines:
        raise ParamsError(f"不认识的运行方式“{name}”", f"可用的运行方式：{'、'.join(engines)}")
    return engines[name]


def _workers(engine: Engine) -> int:
    """One for each processor, fewer where the system does not let so many processes start."""
    from stats.build.processes.process_limits import fitting_workers, process_room

    usable = getattr(os, "sched_getaffinity", None)
    processors = len(usable(0)) if usable else os.cpu_count() or 1
    fitting = fitting_workers(engine, process_room())
    return processors if fitting is None else max(1, min(processors, fitting))
