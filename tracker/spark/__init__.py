"""The same functions on Apache Spark: a crawl's files -> the tidy table as Parquet, by as many machines as there are.

    import tracker.spark
    df = tracker.spark.quotes(spark, "s3://crawl/*.warc.gz")       # a DataFrame with exactly our columns
    told = tracker.spark.write(spark, ["wet.paths.gz"], "out/")    # Parquet by day, what was not read, a manifest
    # or: python -m tracker.spark IN... OUT, and spark-submit of a file that calls tracker.spark.main()

Nothing is scheduled here: paths are rows, Spark hands them out, and only the rows found in them travel. An optional extra:
`pip install 'ticker-tracker[spark]'`, and Java 17 or newer.

work   what an executor does: a path -> what was found in it, and what could not be read
paths  names and lists of names -> paths
table  paths -> DataFrames
out    the folder that is written: once what was found, then what is done
job    the arguments of a run
"""

from __future__ import annotations

from .job import main as main
from .out import Outcome as Outcome
from .out import write as write
from .paths import named as named
from .table import Frames as Frames
from .table import Options as Options
from .table import quotes as quotes
from .table import read as read
