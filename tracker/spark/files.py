"""Files where Spark writes them, by Hadoop's own file systems: a disk, HDFS, a bucket. Spark itself only writes folders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Files:
    """The file system of a folder."""

    def __init__(self, spark: SparkSession, place: str) -> None:
        context: Any = spark.sparkContext
        self._path = context._jvm.org.apache.hadoop.fs.Path
        self._system = self._path(place).getFileSystem(context._jsc.hadoopConfiguration())

    def any(self, folder: str, ending: str = "") -> bool:
        """Is there a file in a folder, hidden ones and those in hidden folders apart?"""
        return any(name.endswith(ending) for name in self._within(folder))

    def move(self, folder: str, to: str) -> None:
        """Each file of a folder to the same place in another, one by one: whole or not at all, beside what is there."""
        for name in [*self._within(folder)]:
            target = self._path(f"{to}/{name}")
            self._system.mkdirs(target.getParent())
            if not self._system.rename(self._path(f"{folder}/{name}"), target):
                raise OSError(f"{folder}/{name} could not be moved to {to}")

    def remove(self, folder: str) -> None:
        """A folder with all that is in it."""
        self._system.delete(self._path(folder), True)

    def _within(self, folder: str, below: str = "") -> Iterator[str]:
        place = self._path(folder)
        if not self._system.exists(place):
            return
        for entry in self._system.listStatus(place):
            name = entry.getPath().getName()
            if name.startswith((".", "_")):
                continue
            if entry.isDirectory():
                yield from self._within(f"{folder}/{name}", f"{below}{name}/")
            else:
                yield f"{below}{name}"
