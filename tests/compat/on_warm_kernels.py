"""A pytest plugin that puts warm kernels under nbclient and papermill before their tests are imported."""

from __future__ import annotations

import os

import nbclient.cli
import nbclient.client
import papermill
import papermill.clientwrap
import papermill.engines
from traitlets import Unicode

from stats.warm.client import WarmNotebookClient
from stats.warm.engine import WarmEngine, WarmPapermillClient
from stats.warm.fork_server import SERVER


class NotebookClient(WarmNotebookClient):
    """On a warm kernel unless a test brings a kernel manager or a kernel of another name."""

    fork_server = Unicode(os.environ[SERVER])


class PapermillNotebookClient(WarmPapermillClient):
    """The same, for papermill."""

    fork_server = Unicode(os.environ[SERVER])


for module in (nbclient, nbclient.client, nbclient.cli):
    module.NotebookClient = NotebookClient  # type: ignore[misc,attr-defined]
for owner in (papermill.clientwrap, papermill.engines):
    owner.PapermillNotebookClient = PapermillNotebookClient
papermill.engines.NBClientEngine.execute_notebook = classmethod(WarmEngine.execute_notebook.__func__)
