"""From parameters and returns to a run that is planned: what is due and what it follows from. Builds nothing."""

from __future__ import annotations

from stats import content_hash, report
from stats.build.documents.notebooks import Template, check_parameters, template, template_digest
from stats.build.state.build_state import BuildState, Options
from stats.build.state.input_watch import InputWatch
from stats.build.state.ledger import History
from stats.build.state.manifest import present_files
from stats.build.state.output_paths import OutputPaths
from stats.build.state.plan import plan
from stats.build.state.sources import everything, input_folders, parameter_files, sources
from stats.documents import NOTEBOOKS
from stats.params import Params

Templates = dict[str, Template]


def templates_of(params: Params) -> Templates:
    """The notebooks of the set by name. ParamsError if one is absent or not fit to be run."""
    return {name: template(params.workspace, name) for name in NOTEBOOKS}


def set_key(params: Params) -> str:
    """One hash over all that the set follows from; ParamsError if a notebook is absent."""
    digests = {name: template_digest(params.workspace, name) for name in NOTEBOOKS}
    return everything(params, digests, report.years_shown(params.year))


def planned(params: Params, paths: OutputPaths, options: Options, templates: Templates, history: History) -> BuildState:
    """Read the returns, and say what is due. ParamsError if a notebook's parameters are not those that are given."""
    loaded = _loaded(params)
    examined = loaded.examined
    received = examined.received.get(params.year, frozenset())
    documents = {each.name: each for each in plan(params, findings=examined.findings, received=received)}
    for document in documents.values():
        check_parameters(templates[document.notebook], (name for name, _ in document.parameters))
    made_of = sources(params, inputs=examined.inputs, templates=templates.values())
    return BuildState(
        params=params,
        paths=paths,
        options=options,
        documents=documents,
        loaded=loaded,
        sources=made_of,
        history=history,
        inputs=InputWatch(
            params.workspace,
            {**made_of.inputs, **parameter_files(params.workspace)},
            input_folders(report.years_shown(params.year)),
        ),
        shown={name: content_hash.shown(source.code) for name, source in templates.items()},
        absent=frozenset(n for n in history.failures if n in documents and not present_files(paths.folder, n)),
    )


def _loaded(params: Params) -> report.Session:
    """The figures of the run, read anew: what an earlier call has read may be out of date."""
    report.load.cache_clear()
    return report.load(params.workspace, year=params.year, edition=params.edition)
