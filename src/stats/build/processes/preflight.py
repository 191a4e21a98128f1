"""Looks before the first kernel starts whether the machine can do the run at all: disk, temporary folder, limits."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from stats.build.processes.process_limits import OF_A_WORKER, OF_THEM_ALL, fitting_workers, process_room
from stats.build.state.build_state import Options
from stats.build.state.output_paths import OutputPaths
from stats.errors import RunEnvironmentError
from stats.files import free_space

# The largest document of a county of twenty towns takes 3 MB in its three formats.
LEAST_BYTES = 16 * 2**20
LEAST_INODES = 64
# A worker and its kernel hold about 40 files open between them.
LEAST_FILES = 128
# A socket's path may have 107 bytes (103 on a Mac); below the temporary folder it needs up to 37.
LONGEST_FOLDER = 70 if sys.platform == "linux" else 66
_PROBE = b"0" * 65536


def check(paths: OutputPaths) -> None:
    """RunEnvironmentError naming the folder, what it lacks and what to do, where a run would fail half way."""
    _watchful()
    _writable(paths.internal, "输出文件夹")
    _roomy(paths.internal)
    temporary = temporary_folder()
    _writable(temporary, "临时文件夹")
    _short(temporary)
    _many_files()


def check_processes(options: Options) -> None:
    """RunEnvironmentError where this machine does not let as many workers start as are asked for.

    Counting what an account runs takes a while, so a set that is found unchanged goes without.
    """
    if options.cluster:
        return
    room = process_room()
    fitting = fitting_workers(options.engine, room)
    if fitting is None or fitting >= options.jobs:
        return
    needed = OF_THEM_ALL + options.jobs * OF_A_WORKER[options.engine]
    fewer = f"请用 --jobs {fitting} 减少同时进行的份数，或" if fitting else "请"
    raise RunEnvironmentError(
        f"本账户只能再开 {room} 个进程和线程，同时进行 {options.jobs} 份要 {needed} 个",
        f"{fewer}关闭其他程序、调高限额（ulimit -u 或容器的 pids 限额）后重新运行",
    )


def temporary_folder() -> Path:
    """The folder for temporary files: the one that was asked for (TMPDIR, TEMP or TMP), never another instead."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        asked = os.environ.get(name)
        if asked and not Path(asked).is_dir():
            raise RunEnvironmentError(f"环境变量 {name} 指定的临时文件夹 {asked} 不存在", "请建立该文件夹或改正该变量")
        if asked and tempfile.tempdir is None:
            return Path(asked).absolute()  # notebooks run in a folder of their own
    return Path(tempfile.gettempdir()).absolute()


def _watchful() -> None:
    if sys.platform == "linux" and not os.path.exists("/proc/self/stat"):
        raise RunEnvironmentError(
            "这台机器没有挂载 /proc，不能看护生成附件的进程，也不能保证它们都结束",
            "请挂载 /proc（容器、chroot 中常被略去）后重新运行",
        )


def _writable(folder: Path, what: str) -> None:
    try:
        # A file without a name, or one that loses it at once: not even a killed run leaves it behind.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(_PROBE)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise RunEnvironmentError(
            f"{what} {folder} 不能写入：{error.strerror or error}（剩余空间 {free_space(folder)}）",
            "请检查磁盘空间、配额和写入权限后重新运行；原有文件未改动",
        ) from error


def _roomy(folder: Path) -> None:
    if not hasattr(os, "statvfs"):
        return
    found = os.statvfs(folder)
    room = found.f_bavail * found.f_frsize
    if room < LEAST_BYTES:
        raise RunEnvironmentError(
            f"{folder} 所在磁盘只剩 {room:,} 字节，至少要 {LEAST_BYTES:,} 字节", "请腾出空间后重新运行"
        )
    # A file system that does not count its inodes says it has none at all.
    if found.f_files and found.f_favail < LEAST_INODES:
        raise RunEnvironmentError(
            f"{folder} 所在磁盘只能再建 {found.f_favail} 个文件，至少要 {LEAST_INODES} 个", "请清理文件后重新运行"
        )


def _short(folder: Path) -> None:
    if os.name == "posix" and len(os.fsencode(folder)) > LONGEST_FOLDER:
        raise RunEnvironmentError(f"临时文件夹的路径过长（{folder}）", "请把环境变量 TMPDIR 设为较短的路径，如 /tmp")


def _many_files() -> None:
    if os.name != "posix":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= LEAST_FILES:
        return
    if hard != resource.RLIM_INFINITY and hard < LEAST_FILES:
        raise RunEnvironmentError(
            f"本账户只能同时打开 {hard} 个文件，至少要 {LEAST_FILES} 个", "请用 ulimit -n 调高限额后重新运行"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (LEAST_FILES, hard))
