"""The way to a dask scheduler: loopback or TLS or not at all; hands out tasks and decides nothing about them."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any
from urllib.parse import urlsplit

import psutil
from distributed import Client, Future, Scheduler, WorkerPlugin, wait
from distributed.security import Security

from stats.errors import ClusterError, ParamsError, RunEnvironmentError
from stats_cluster.ports import is_loopback, reachable

CONNECT_SECONDS = 10.0
CONNECT_TRIES = 3
# A scheduler that has not answered for so long is lost; with the closing, a run then ends within 30 s.
ANSWER_SECONDS = 15.0
CLOSE_SECONDS = 5.0

LOST = ("与集群调度进程的连接已中断", "已完成的附件是完整的；请检查调度进程，再次运行即可接着做完")


def check_address(address: str) -> None:
    """Refuse (ParamsError) what is no address of a scheduler, or one that is open to others and not encrypted."""
    parts = urlsplit(address)
    try:
        has_port = parts.port is not None
    except ValueError:
        has_port = False
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not has_port:
        raise ParamsError(
            f"--cluster 的地址“{address}”写法不对",
            "应为 tcp://127.0.0.1:端口（仅限本机）或 tls://主机:端口（须有证书）",
        )
    if parts.scheme == "tcp" and not is_loopback(parts.hostname):
        raise ParamsError(
            f"--cluster 的地址 {address} 不在本机，又没有加密，不予连接",
            "请改用 tls:// 并配置证书（见 docs/cluster.md），或只在本机 127.0.0.1 上运行集群",
        )


class Link:
    """A connection to a scheduler. Every failure to reach it is a ClusterError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def workers(self) -> dict[str, dict[str, Any]]:
        """What the scheduler says of each worker it knows now, by address."""
        self._must_be_there()
        try:
            identity = self._client.sync(self._client.scheduler.identity, callback_timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError) as error:
            raise ClusterError(*LOST) from error
        return dict(identity["workers"])

    def listen(self, topic: str, hear: Callable[[Any], None]) -> None:
        """Have what workers say under this topic heard, in another thread."""
        self._client.subscribe_topic(topic, lambda event: hear(event[1]))

    def register(self, plugin: WorkerPlugin) -> None:
        """Give the plugin to every worker there is and to every one that joins; it ends when all have set it up."""
        self._client.register_plugin(plugin, name=plugin.name)

    def submit(self, function: Callable[..., Any], argument: object, *, resource: str) -> Future:
        """Have the function called on a worker that has one of this resource free."""
        self._must_be_there()
        return self._client.submit(function, argument, pure=False, resources={resource: 1})

    def done(self, futures: list[Future], seconds: float) -> set[Future]:
        """Those that are over, as soon as one is, else none after so many seconds."""
        try:
            with self._client.as_current():
                return set(wait(futures, timeout=seconds, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            return set()
        except CancelledError as error:
            raise ClusterError(*LOST) from error

    def leave(self, plugin: str, futures: list[Future]) -> None:
        """Forget these tasks and the plugin; its workers end what they are at. One that is stuck is not waited for."""
        if self._client.status == "running":
            self._quietly(lambda: self._client.cancel(futures, force=True))
            thread = threading.Thread(
                target=self._quietly, args=(lambda: self._client.unregister_worker_plugin(plugin),), daemon=True
            )
            thread.start()
            thread.join(CLOSE_SECONDS)

    def close(self) -> None:
        """Leave the scheduler, whether it answers or not."""
        self._quietly(lambda: self._client.close(timeout=CLOSE_SECONDS))

    def _must_be_there(self) -> None:
        if self._client.status != "running":
            raise ClusterError(*LOST)

    def _quietly(self, call: Callable[[], object]) -> None:
        """What is done on leaving cannot fail the run, and a scheduler that is gone needs no telling."""
        try:
            call()
        except Exception:
            logging.getLogger(__name__).debug("the cluster did not answer on leaving", exc_info=True)


def connect(address: str) -> Link:
    """A connection to the scheduler. RunEnvironmentError if it cannot be reached or is open to other machines."""
    check_address(address)
    security = _security(address)
    _silence()
    try:
        client = _client(address, security)
    except (OSError, TimeoutError) as error:
        raise RunEnvironmentError(
            f"连不上集群调度进程 {address}", "请确认调度进程正在运行、地址和证书无误（见 docs/cluster.md）"
        ) from error
    link = Link(client)
    try:
        _refuse_open_scheduler(client)
    except BaseException:
        link.close()
        raise
    return link


def open_ports(dask_scheduler: Scheduler) -> list[int]:
    """Runs in the scheduler: the ports on which it listens to other machines without TLS."""
    own = urlsplit(dask_scheduler.address)
    encrypted = {own.port} if own.scheme == "tls" and own.port is not None else set()
    return reachable([psutil.Process()], encrypted=encrypted)


def _client(address: str, security: Security | None) -> Client:
    """dask's client asserts that a busy scheduler greets it with nothing else in the same message: try again then."""
    settings = {"security": security, "timeout": CONNECT_SECONDS, "set_as_default": False, "direct_to_workers": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of differing versions the handshake speaks, worker by worker
        for _ in range(CONNECT_TRIES - 1):
            try:
                return Client(address, **settings)
            except AssertionError:
                logging.getLogger(__name__).debug("the scheduler was busy when it was connected to", exc_info=True)
        return Client(address, **settings)


def _refuse_open_scheduler(client: Client) -> None:
    try:
        ports = client.run_on_scheduler(open_ports)
    except (OSError, TimeoutError) as error:
        raise ClusterError(*LOST) from error
    except Exception as error:
        raise RunEnvironmentError(
            "集群调度进程所用的程序与本机不同", "请在同一版本的运行环境中启动调度进程（见 docs/cluster.md）"
        ) from error
    if ports:
        raise RunEnvironmentError(
            f"集群调度进程未加密而对外开放端口 {'、'.join(map(str, ports))}，不予使用",
            "请加 --host 127.0.0.1 --no-dashboard --dashboard-address 127.0.0.1:0 重新启动（见 docs/cluster.md）",
        )


def _security(address: str) -> Security | None:
    """The certificates of dask's own configuration (``distributed.comm.tls``), for an address that needs them."""
    if urlsplit(address).scheme != "tls":
        return None
    security = Security(require_encryption=True)
    if not security.tls_ca_file or not security.tls_client_cert:
        raise ParamsError(
            "没有配置连接集群所用的证书", "请按 docs/cluster.md 写好 dask 的 distributed.comm.tls 配置后重新运行"
        )
    return security


def _silence() -> None:
    """dask's own messages are English and follow from what is told in Chinese."""
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
